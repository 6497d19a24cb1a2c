"""What the provider says of a person."""

from oauth2_provider.oauth2_validators import OAuth2Validator


class VerifiedEmail(OAuth2Validator):
    def get_additional_claims(self, request):
        return {"email": request.user.email, "email_verified": True}
