"""How long a first and a later start take: python3 manage.py test tests/bench/bench_start.py -s"""

from tests import server_process


def test_the_first_and_the_later_start(tmp_path):
    data = tmp_path / "data"
    with server_process.run_site(data) as site:
        first = site.seconds_to_start
    with server_process.run_site(data) as site:
        later = site.seconds_to_start
    print(f"\nfirst start {first:.1f} s (packages installed before), later start {later:.1f} s")
    assert later < first
