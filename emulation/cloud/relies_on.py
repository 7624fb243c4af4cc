"""What of moto the local cloud calls, wraps, replaces or reaches into, beside emulation.cloud.cognito.RELIES_ON.

A test keeps a digest of each, so that a new moto is looked at before it is used.
"""

RELIES_ON = (
    # Called by wsgi.py and moto_services.py
    "moto.moto_server.werkzeug_app.create_backend_app",
    "moto.core.request.Request",
    "moto.core.request.EnvironHeaders",
    "moto.core.responses.BaseResponse.call_action",
    "moto.core.responses.BaseResponse.get_region_from_url",
    "moto.core.utils.convert_to_flask_response",
    "moto.core.base_backend.BackendDict",
    # Replaced by moto_services.py and descriptions.py
    "moto.core.authorization.ActionAuthenticatorMixin._authenticate_and_authorize_normal_action",
    "moto.core.authorization.ActionAuthenticatorMixin._authenticate_and_authorize_s3_action",
    "moto.core.common_models.BaseModel",
    "moto.core.loaders.create_loader",
    "moto.core.utils._load_service_model",
    "moto.core.utils.method_names_from_class",
    # Taken apart and put together by state/
    "moto.s3.models.FakeKey.__getstate__",
    "moto.s3.models.FakeKey.__init__",
    "moto.s3.models.FakeKey.__setstate__",
    "moto.s3.models.FakeKey.dispose",
    "moto.s3.models.FakeKey.etag",
    "moto.s3.models.FakeKey.value",
    "moto.s3.models.S3Backend.reset",
    "moto.s3.models.S3BackendDict",
    "moto.s3.utils._VersionedKeyStore",
)
