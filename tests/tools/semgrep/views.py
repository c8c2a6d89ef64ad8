# ruff: noqa
def views(request, pk):
    # ruleid: views-fetch-what-is-visible
    Item.objects.get(pk=pk)
    # ruleid: views-fetch-what-is-visible
    get_object_or_404(Item, pk=pk)
    # ok: views-fetch-what-is-visible
    get_object_or_404(Item.objects.visible_to(request.user), pk=pk)
    # ok: views-fetch-what-is-visible
    get_object_or_404(host.units, pk=pk)
