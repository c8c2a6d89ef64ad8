# ruff: noqa
import datetime

# ruleid: no-floats-near-points
total = float(points)
# ok: no-floats-near-points
total = Decimal(points)

# ruleid: no-clock-of-the-machine
today = datetime.date.today()
# ruleid: no-clock-of-the-machine
now = datetime.datetime.now()
# ok: no-clock-of-the-machine
now = datetime.datetime.now(tz=datetime.UTC)
# ok: no-clock-of-the-machine
today = timezone.localdate()
