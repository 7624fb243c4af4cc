// On the way to the site: every path is a page of the single-page app, but for those whose last part has a dot, which
// are files. A file that is missing stays missing.
function handler(event) {
    const request = event.request;
    const lastPart = request.uri.slice(request.uri.lastIndexOf('/') + 1);
    if (!lastPart.includes('.')) {
        request.uri = '/index.html';
    }
    return request;
}
