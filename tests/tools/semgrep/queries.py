# ruff: noqa
def conditional_writes(Score, cycle, keys):
    # ruleid: no-conditional-write-across-a-relation
    Score.objects.filter(pk=1, review__cycle=cycle).update(points=1)
    # ruleid: no-conditional-write-across-a-relation
    Score.objects.filter(review__cycle__state="open").order_by("pk").delete()
    # ruleid: no-conditional-write-across-a-relation
    cycle.scores.exclude(review__is_exempt=True).update(points=1)
    # ok: no-conditional-write-across-a-relation
    Score.objects.filter(pk=1, version=2).update(points=1)
    # ok: no-conditional-write-across-a-relation
    Score.objects.filter(pk__in=keys, read_at__isnull=True).update(points=1)
    # ok: no-conditional-write-across-a-relation
    Score.objects.filter(review__cycle=cycle).select_for_update()


def sums(scores):
    # ruleid: no-sums-in-the-database
    scores.aggregate(Sum("points"))
    # ruleid: no-sums-in-the-database
    scores.annotate(mean=models.Avg("points"))
    # ok: no-sums-in-the-database
    scores.aggregate(Max("position"), Count("pk"))


def sql(cursor, rows, name):
    # ruleid: no-sql-put-together
    cursor.execute(f"SELECT * FROM unit WHERE name = '{name}'")
    # ruleid: no-sql-put-together
    cursor.execute("SELECT * FROM unit WHERE name = '%s'" % name)
    # ruleid: no-sql-put-together
    cursor.execute("SELECT * FROM unit WHERE name = " + name)
    # ruleid: no-sql-put-together
    rows.raw("SELECT 1")
    query = f"SELECT * FROM unit WHERE name = '{name}'"
    # ruleid: no-sql-put-together
    cursor.execute(query)
    # ok: no-sql-put-together
    cursor.execute("SELECT * FROM unit WHERE name = %s", [name])


# ok: no-atomic-requests
DATABASES = {"default": {"CONN_MAX_AGE": 60}}
# ruleid: no-atomic-requests
DATABASES["default"]["ATOMIC_REQUESTS"] = True
# ruleid: no-atomic-requests
OTHERS = {"ATOMIC_REQUESTS": True, "CONN_MAX_AGE": 60}
