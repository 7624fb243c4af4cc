"""The table of routes, whole: a change of the contract shows here."""

from server.routes import FUNCTIONS, ROUTES, bind_routes

# route key, operation, status, needs a token, function
CONTRACT = """
POST /auth/register              register_user           201 open  auth
POST /auth/login                 login_user              200 open  auth
POST /auth/refresh               refresh_tokens          200 open  auth
POST /auth/logout                logout_user             200 open  auth
POST /auth/forgot-password       request_password_reset  200 open  auth
POST /auth/reset-password        reset_password          200 open  auth
POST /auth/resend-verification   resend_verification     200 open  auth
GET /user/profile                get_profile             200 token user
PUT /user/profile                update_profile          200 token user
PUT /user/name                   rename_user             200 token user
POST /user/mfa                   start_mfa               200 token user
PUT /user/mfa                    enable_mfa              200 token user
DELETE /user/mfa                 disable_mfa             200 token user
DELETE /user                     delete_user             200 token user
GET /guitars                     list_guitars            200 token guitars
POST /guitars                    create_guitar           201 token guitars
GET /guitars/brands              list_brands             200 token guitars
GET /guitars/{id}                get_guitar              200 token guitars
PUT /guitars/{id}                update_guitar           200 token guitars
DELETE /guitars/{id}             delete_guitar           200 token guitars
POST /images/upload-url          create_upload_url       200 token images
POST /images/upload-complete     complete_upload         200 token images
"""


def test_the_routes_are_those_of_the_contract() -> None:
    rows = [
        (
            route.method,
            route.path,
            route.operation_id,
            str(route.status),
            "token" if route.auth else "open",
            route.function,
        )
        for route in ROUTES
    ]

    assert rows == [tuple(line.split()) for line in CONTRACT.strip().splitlines()]


def test_operations_are_named_once_and_every_function_words_its_refusals() -> None:
    assert len({route.operation_id for route in ROUTES}) == len(ROUTES)
    assert {route.function for route in ROUTES} == set(FUNCTIONS)


def test_every_route_has_its_handler_and_can_call_it() -> None:
    routes = bind_routes()

    assert list(routes.values()) == list(ROUTES)
    assert all(route.handler.__name__ == route.operation_id for route in ROUTES)


def test_a_function_binds_its_own_routes() -> None:
    assert {route.function for route in bind_routes("user").values()} == {"user"}
