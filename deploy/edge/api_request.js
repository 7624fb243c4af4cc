// On the way to the API: it knows no /api, and it answers a request without Authorization itself, in words of its own.
// An explicit "none" reaches our authorizer, and the answer is our envelope.
function handler(event) {
    const request = event.request;
    request.uri = request.uri.slice('/api'.length);
    const authorization = request.headers.authorization;
    if (!authorization || !authorization.value.trim()) {
        request.headers.authorization = {value: 'none'};
    }
    return request;
}
