from django.urls import path

from psychoplastogens.accounts import (
    invitation_views,
    password_reset_views,
    session_views,
    single_sign_on_views,
    views,
)

app_name = "accounts"
# Under /admin/, where the cookies of staff are sent, and before Django's own: its login asks for a
# password alone.
urlpatterns = [
    path("login/", views.sign_in, name="sign_in"),
    path("single-sign-on/", single_sign_on_views.begin, name="single_sign_on"),
    path(
        "single-sign-on/callback/",
        single_sign_on_views.callback,
        name="single_sign_on_callback",
    ),
    path("forgot-password/", password_reset_views.forgot_password, name="forgot_password"),
    path(
        "new-password/<int:user_id>/<str:token>/",
        password_reset_views.new_password,
        name="new_password",
    ),
    path("invitation/<str:code>/", invitation_views.invited, name="invited"),
    path("choose-password/", views.choose_password, name="choose_password"),
    path("sessions/", session_views.your_sessions, name="your_sessions"),
    path("mail/", views.mail_preference, name="mail_preference"),
    path("second-factor/", views.your_second_factor, name="your_second_factor"),
    path("second-factor/code/", views.enter_code, name="enter_code"),
    path("second-factor/set-up/", views.set_up, name="set_up"),
    path("second-factor/recovery-codes/", views.recovery_codes, name="recovery_codes"),
    path(
        "second-factor/recovery-codes/file/", views.recovery_codes_file, name="recovery_codes_file"
    ),
]
