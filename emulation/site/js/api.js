/**
 * The whole client of the API, and nothing else: copy this file into a frontend of yours.
 *
 * Tokens live in this object and nowhere else: not in localStorage, sessionStorage or cookies, where any script of the
 * page could read them later. A reload therefore signs out.
 *
 * An expired access token is refreshed once, however many calls meet it at the same time, and the calls are sent again.
 * When that fails for good, `onSessionLost` is called and the calls fail with SessionLostError.
 */

/** @typedef {import("../../../docs/client/api").components["schemas"]} Schemas */
/** @typedef {{brand?: string, type?: string, yearFrom?: string, yearTo?: string, limit?: number, nextToken?: string}} GuitarQuery */
/** @typedef {{guitar: Schemas["Guitar"], etag: string}} GuitarState */
/** @typedef {{body?: unknown, ifMatch?: string | undefined, query?: GuitarQuery, isPublic?: boolean, signal?: AbortSignal | undefined}} Options */
/** @typedef {{purpose?: "image" | "receipt", guitarId?: string, caption?: string, isPrimary?: boolean, onProgress?: (sent: number) => void, signal?: AbortSignal,
 *            complete?: (completion: Schemas["UploadCompletion"]) => Promise<Schemas["CompletedUpload"]>}} UploadOptions */

/** An answer that says no. `code` is empty when it comes from the gateway, which knows no codes of ours. */
export class ApiError extends Error {
    /**
     * @param {number} status
     * @param {string} code
     * @param {string} message
     * @param {{field: string, message: string}[]} details what was wrong with which field
     * @param {number | null} retryAfterSeconds what the service asks for before the next attempt
     */
    constructor(status, code, message, details = [], retryAfterSeconds = null) {
        super(message);
        this.name = "ApiError";
        this.status = status;
        this.code = code;
        this.details = details;
        this.retryAfterSeconds = retryAfterSeconds;
    }
}

/** No answer at all: offline, or the server is away. */
export class ConnectionError extends Error {
    name = "ConnectionError";
}

/** The session has ended: signed out elsewhere, or the refresh token is too old. Signing in is the way on. */
export class SessionLostError extends Error {
    name = "SessionLostError";
}

// Browsers leave the type of what they do not know empty, and many do not know HEIC.
/** @type {Record<string, string>} */
const TYPES_BY_EXTENSION = { heic: "image/heic", heif: "image/heic", webp: "image/webp", pdf: "application/pdf" };

export class GuitarCollectionApi {
    /** @type {Schemas["Tokens"] | null} */
    #tokens = null;
    /** @type {Promise<void> | null} */
    #refreshing = null;

    /** @param {{baseUrl?: string, onSessionLost?: () => void}} [options] */
    constructor({ baseUrl = "/api", onSessionLost = () => {} } = {}) {
        this.baseUrl = baseUrl;
        this.onSessionLost = onSessionLost;
    }

    /** Whether somebody is signed in, as far as is known here. */
    get isSignedIn() {
        return this.#tokens !== null;
    }

    // ---- Accounts and sessions ----------------------------------------------------------------------------------

    /** Create an account. Cognito mails a link; opening it verifies the address.
     * @param {Schemas["Registration"]} registration
     * @returns {Promise<Schemas["RegisteredUser"]>} */
    registerUser(registration) {
        return this.#data("POST", "/auth/register", { body: registration, isPublic: true });
    }

    /** Sign in. Null when that is done; a challenge when a code of the authenticator app is asked for.
     * @param {string} email
     * @param {string} password
     * @returns {Promise<Schemas["Challenge"] | null>} */
    async loginUser(email, password) {
        return this.#startSession({ email, password });
    }

    /** The second step of signing in. A wrong code needs a new challenge when Cognito's session has ended.
     * @param {string} email
     * @param {string} session the challenge's
     * @param {string} mfaCode
     * @returns {Promise<Schemas["Challenge"] | null>} */
    async answerChallenge(email, session, mfaCode) {
        return this.#startSession({ email, session, mfaCode });
    }

    /** End the session. The tokens are forgotten here whatever the server says. */
    async logoutUser() {
        // A refresh that is under way brings other ones: those are to be ended.
        await this.#refreshing?.catch(() => {});
        const refreshToken = this.#tokens?.refreshToken;
        this.#tokens = null;
        if (refreshToken) {
            await this.#data("POST", "/auth/logout", { body: { refreshToken }, isPublic: true });
        }
    }

    /** Mail a code that allows a new password. The answer is the same whether the account exists or not.
     * @param {string} email
     * @returns {Promise<Schemas["CodeSent"]>} */
    requestPasswordReset(email) {
        return this.#data("POST", "/auth/forgot-password", { body: { email }, isPublic: true });
    }

    /** @param {Schemas["PasswordReset"]} reset
     * @returns {Promise<Schemas["PasswordChanged"]>} */
    resetPassword(reset) {
        return this.#data("POST", "/auth/reset-password", { body: reset, isPublic: true });
    }

    /** Mail the verification link once more.
     * @param {string} email
     * @returns {Promise<Schemas["CodeSent"]>} */
    resendVerification(email) {
        return this.#data("POST", "/auth/resend-verification", { body: { email }, isPublic: true });
    }

    // ---- The user -----------------------------------------------------------------------------------------------

    /** @param {AbortSignal} [signal]
     * @returns {Promise<Schemas["Profile"]>} */
    getProfile(signal) {
        return this.#data("GET", "/user/profile", { signal });
    }

    /** Change name or preferences; what is absent stays, a null in `preferences` removes its key.
     * @param {Schemas["ProfileUpdate"]} update
     * @returns {Promise<Schemas["Profile"]>} */
    updateProfile(update) {
        return this.#data("PUT", "/user/profile", { body: update });
    }

    /** @param {string} name
     * @returns {Promise<Schemas["Profile"]>} */
    renameUser(name) {
        return this.#data("PUT", "/user/name", { body: { name } });
    }

    /** A secret for an authenticator app; it counts once `enableMfa` was called with a code made from it.
     * @returns {Promise<Schemas["MfaSetup"]>} */
    startMfa() {
        return this.#data("POST", "/user/mfa");
    }

    /** @param {string} code
     * @returns {Promise<Schemas["MfaState"]>} */
    enableMfa(code) {
        return this.#data("PUT", "/user/mfa", { body: { code } });
    }

    /** @returns {Promise<Schemas["MfaState"]>} */
    disableMfa() {
        return this.#data("DELETE", "/user/mfa");
    }

    /** Delete the account with all its guitars and files, and forget the session.
     * @returns {Promise<Schemas["DeletedUser"]>} */
    async deleteUser() {
        const deleted = await this.#data("DELETE", "/user");
        this.#tokens = null;
        return deleted;
    }

    // ---- Guitars ------------------------------------------------------------------------------------------------

    /** A page of guitars. It may be empty and still have a `nextToken`: then there is more behind it.
     * @param {GuitarQuery} [query]
     * @param {AbortSignal} [signal]
     * @returns {Promise<Schemas["GuitarPage"]>} */
    listGuitars(query = {}, signal) {
        return this.#data("GET", "/guitars", { query, signal });
    }

    /** @param {AbortSignal} [signal]
     * @returns {Promise<string[]>} */
    async listBrands(signal) {
        return (await this.#data("GET", "/guitars/brands", { signal })).brands;
    }

    /** @param {Schemas["GuitarCreate"]} guitar
     * @returns {Promise<GuitarState>} */
    createGuitar(guitar) {
        return this.#guitar("POST", "/guitars", { body: guitar });
    }

    /** @param {string} guitarId
     * @param {AbortSignal} [signal]
     * @returns {Promise<GuitarState>} */
    getGuitar(guitarId, signal) {
        return this.#guitar("GET", `/guitars/${encodeURIComponent(guitarId)}`, { signal });
    }

    /** Change a guitar: absent stays, null removes, `notes` and `images` are whole lists. With the ETag that was read,
     * a change that somebody else made meanwhile is not overwritten: PRECONDITION_FAILED.
     * @param {string} guitarId
     * @param {Schemas["GuitarUpdate"]} patch
     * @param {string} [etag]
     * @returns {Promise<GuitarState>} */
    updateGuitar(guitarId, patch, etag) {
        return this.#guitar("PUT", `/guitars/${encodeURIComponent(guitarId)}`, { body: patch, ifMatch: etag });
    }

    /** @param {string} guitarId
     * @param {string} [etag]
     * @returns {Promise<Schemas["DeletedGuitar"]>} */
    deleteGuitar(guitarId, etag) {
        return this.#data("DELETE", `/guitars/${encodeURIComponent(guitarId)}`, { ifMatch: etag });
    }

    // ---- Pictures and receipts ----------------------------------------------------------------------------------

    /** @param {Schemas["UploadRequest"]} request
     * @param {AbortSignal} [signal]
     * @returns {Promise<Schemas["UploadTicket"]>} */
    createUploadUrl(request, signal) {
        return this.#data("POST", "/images/upload-url", { body: request, signal });
    }

    /** @param {Schemas["UploadCompletion"]} completion
     * @param {AbortSignal} [signal]
     * @returns {Promise<Schemas["CompletedUpload"]>} */
    completeUpload(completion, signal) {
        return this.#data("POST", "/images/upload-complete", { body: completion, signal });
    }

    /** All three steps of an upload: ask where to, send the file straight to S3, have it processed.
     * @param {File} file
     * @param {UploadOptions} [options] `onProgress` is called with the share that was sent, between 0 and 1; `complete`
     *     is the third step, which changes the guitar, for who has that wait for something else
     * @returns {Promise<Schemas["CompletedUpload"]>} */
    async uploadFile(file, options = {}) {
        const { purpose = "image", guitarId, caption, isPrimary = false, onProgress, signal } = options;
        const { complete = (completion) => this.completeUpload(completion, signal) } = options;
        const extension = file.name.split(".").pop()?.toLowerCase() ?? "";
        const fileType = file.type || TYPES_BY_EXTENSION[extension] || "application/octet-stream";
        const request = { fileName: file.name, fileType, fileSize: file.size, purpose, method: "PUT" };
        const ticket = await this.createUploadUrl(/** @type {Schemas["UploadRequest"]} */ (request), signal);
        await putFile(ticket.uploadUrl, ticket.headers ?? {}, file, onProgress, signal);
        return complete({ imageKey: ticket.imageKey, guitarId: guitarId ?? null, caption: caption ?? null, isPrimary });
    }

    // ---- How a call is made -------------------------------------------------------------------------------------

    /** @param {object} credentials
     * @returns {Promise<Schemas["Challenge"] | null>} */
    async #startSession(credentials) {
        const answer = await this.#data("POST", "/auth/login", { body: credentials, isPublic: true });
        if ("challenge" in answer) {
            return answer;
        }
        this.#tokens = answer;
        return null;
    }

    /** @param {string} method
     * @param {string} path
     * @param {Options} [options]
     * @returns {Promise<GuitarState>} */
    async #guitar(method, path, options) {
        const response = await this.#call(method, path, options);
        return { guitar: (await response.json()).data, etag: response.headers.get("ETag") ?? "" };
    }

    /** @param {string} method
     * @param {string} path
     * @param {Options} [options]
     * @returns {Promise<any>} the `data` of the envelope */
    async #data(method, path, options) {
        return (await (await this.#call(method, path, options)).json()).data;
    }

    /** @param {string} method
     * @param {string} path
     * @param {Options} [options]
     * @returns {Promise<Response>} a success */
    async #call(method, path, options = {}) {
        if (options.isPublic) {
            return this.#send(method, path, options);
        }
        const token = this.#tokens?.accessToken;
        if (!token) {
            throw this.#loseSession(token);
        }
        try {
            return await this.#send(method, path, options, token);
        } catch (error) {
            if (!(error instanceof ApiError) || error.status !== 401) {
                throw error;
            }
            if (error.code !== "AUTH_TOKEN_EXPIRED") {
                throw this.#loseSession(token);
            }
        }
        await this.#refresh(token);
        if (!this.#tokens) {
            throw new SessionLostError("The session has ended");
        }
        return this.#send(method, path, options, this.#tokens.accessToken);
    }

    /** Replace an expired access token. Calls that meet it at the same time wait for the same answer: the refresh token
     * is replaced as well, so that a second one with the old token would be refused.
     * @param {string} expired */
    async #refresh(expired) {
        if (this.#tokens?.accessToken !== expired) {
            return; // Replaced while this call was on its way.
        }
        this.#refreshing ??= this.#replaceTokens(this.#tokens).finally(() => {
            this.#refreshing = null;
        });
        await this.#refreshing;
    }

    /** @param {Schemas["Tokens"]} expired */
    async #replaceTokens(expired) {
        try {
            const fresh = await this.#data("POST", "/auth/refresh", { body: { refreshToken: expired.refreshToken }, isPublic: true });
            if (this.#tokens === expired) {
                this.#tokens = fresh;
            }
        } catch (error) {
            throw error instanceof ApiError && error.status === 401 ? this.#loseSession(expired.accessToken) : error;
        }
    }

    /** The session of a token has ended. A late answer may be about one that is not this one any more.
     * @param {string | undefined} accessToken */
    #loseSession(accessToken) {
        if (this.#tokens?.accessToken === accessToken) {
            this.#tokens = null;
            this.onSessionLost();
        }
        return new SessionLostError("The session has ended");
    }

    /** @param {string} method
     * @param {string} path
     * @param {Options} options
     * @param {string} [token]
     * @returns {Promise<Response>} */
    async #send(method, path, { body, ifMatch, query, signal }, token) {
        const headers = new Headers();
        if (token) {
            headers.set("Authorization", `Bearer ${token}`);
        }
        if (body !== undefined) {
            headers.set("Content-Type", "application/json");
        }
        if (ifMatch) {
            headers.set("If-Match", ifMatch);
        }
        let response;
        try {
            response = await fetch(`${this.baseUrl}${path}${queryString(query)}`, {
                method,
                headers,
                body: body === undefined ? null : JSON.stringify(body),
                cache: "no-store",
                signal: signal ?? null,
            });
        } catch (error) {
            throw signal?.aborted ? error : new ConnectionError("The server cannot be reached");
        }
        if (!response.ok) {
            throw await readError(response);
        }
        return response;
    }
}

/** @param {GuitarQuery} [query] */
function queryString(query) {
    const given = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== "");
    return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
}

/** The error behind an answer. API Gateway's own have `{"message"}` only; CloudFront's are pages.
 * @param {Response} response
 * @returns {Promise<ApiError>} */
async function readError(response) {
    const wait = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    const body = await response.json().catch(() => ({}));
    const { code = "", message = body.message, details = [] } = body.error ?? {};
    const text = message ?? `The server answered with status ${response.status}`;
    return new ApiError(response.status, code, text, details, Number.isNaN(wait) ? null : wait);
}

/** PUT a file to a presigned address. By XMLHttpRequest, since fetch does not tell how much was sent.
 * @param {string} url
 * @param {Record<string, string>} headers
 * @param {File} file
 * @param {(sent: number) => void} [onProgress]
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>} */
function putFile(url, headers, file, onProgress, signal) {
    return new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("PUT", url);
        Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
        request.upload.addEventListener("progress", (event) => {
            onProgress?.(event.lengthComputable ? event.loaded / event.total : 0);
        });
        request.addEventListener("load", () => {
            if (request.status < 300) {
                resolve();
            } else {
                reject(new ApiError(request.status, "", "The storage has refused the file"));
            }
        });
        request.addEventListener("error", () => reject(new ConnectionError("The file could not be sent")));
        request.addEventListener("abort", () => reject(new DOMException("The upload was cancelled", "AbortError")));
        signal?.addEventListener("abort", () => request.abort());
        request.send(file);
    });
}
