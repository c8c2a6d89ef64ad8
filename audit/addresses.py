"""Where a request comes from, as far as it cannot be made up."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest

NOWHERE = "0.0.0.0"
ONE_NETWORK = 64  # bits of an IPv6 address that its network was given; the rest each machine chooses itself


def client_address(request: HttpRequest) -> str:
    """The address that asked us, or the outermost of our own proxies.

    Each proxy adds to X-Forwarded-For, at the right, who asked it; TRUSTED_PROXIES tells how many of the
    entries ours wrote. An IPv6 address stands for its whole network: one machine has 2⁶⁴ to change to.
    """
    asked_by = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        # Fewer than there are proxies: somebody reached us past one of them.
        if len(entries) >= settings.TRUSTED_PROXIES:
            asked_by = entries[-settings.TRUSTED_PROXIES]
    try:
        address = ipaddress.ip_address(asked_by.strip())
    except ValueError:  # a socket has none
        return NOWHERE
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), ONE_NETWORK), strict=False).network_address)
