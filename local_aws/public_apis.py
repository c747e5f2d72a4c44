"""An API's address is its own, and who calls it signs nothing: it is found whichever account it stands in.

MiniStack takes an unsigned call for one of its own account, and looks no further.
"""

from collections.abc import Callable

from ministack.services import apigateway_v1

type Scope = tuple[str, str] | None


def install() -> None:
    """Let calls reach the APIs of every account."""
    apigateway_v1.find_api_scope = _in_every_account(apigateway_v1.find_api_scope)


def _in_every_account(of_caller: Callable[[str], Scope]) -> Callable[[str], Scope]:
    def find(api_id: str) -> Scope:
        if found := of_caller(api_id):
            return found
        scopes = (scope for scope, _ in apigateway_v1._rest_apis.all_items())
        return next(((account, region) for account, region, each in scopes if each == api_id), None)

    return find
