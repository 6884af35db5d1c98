export interface paths {
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether the process is alive */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell whether everything a request needs answers */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell which version runs */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Exchange the credential for a short-lived token
         * @description The token lives 15 minutes, no longer than the token it was made from, and not beyond the revocation of its key. It may do less than the credential, never more.
         */
        post: operations["createToken"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/signing-keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sign tokens with a new key from now on */
        post: operations["rotateSigningKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/.well-known/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the keys that verify the platform's tokens */
        get: operations["readJwks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oauth/clients": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List OAuth clients, newest first */
        get: operations["listOAuthClients"];
        put?: never;
        /** Register an OAuth client */
        post: operations["createOAuthClient"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oauth/clients/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an OAuth client */
        get: operations["readOAuthClient"];
        /**
         * Change an OAuth client
         * @description Replaces what the client is. Tokens that it has are refused from now on, within two seconds everywhere; it asks for new ones.
         */
        put: operations["updateOAuthClient"];
        post?: never;
        /** Delete an OAuth client */
        delete: operations["deleteOAuthClient"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/oauth/clients/{id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give an OAuth client a new secret
         * @description The old secret stands beside the new one for `overlapSeconds`, and then ends.
         */
        post: operations["rotateOAuthClientSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List all tenants, in the order they were made */
        get: operations["listTenants"];
        put?: never;
        /** Create a tenant with its first administrator key */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/current": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the tenant that the credential belongs to */
        get: operations["readCurrentTenant"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change the tenant's name and how its people sign in */
        patch: operations["updateCurrentTenant"];
        trace?: never;
    };
    "/v1/tenants/{id}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Shut a tenant out
         * @description No key, token or sign-in of the tenant opens anything, everywhere within two seconds. What it has stays.
         */
        post: operations["suspendTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let a tenant in again, also one that is closing
         * @description Its keys, tokens and sign-ins open again what they opened before, unless they have ended meanwhile.
         */
        post: operations["resumeTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close a tenant
         * @description It is shut out at once. After 30 days its people, groups, roles, keys and settings are removed; until then it can be resumed.
         */
        post: operations["closeTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tenants/{id}/domains": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Say by which e-mail domains and hosts a tenant is found
         * @description The operator's, who has made sure that they are the tenant's: whoever signs in with such an address is sent to it.
         */
        put: operations["setTenantDomains"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List API keys, newest first */
        get: operations["listApiKeys"];
        put?: never;
        /** Create an API key, of a role of its own or of a service account */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a new key in the place of one, which stands beside it for a while
         * @description The new key has the name, role or account, scopes and end of the old one. The old one ends after `overlapSeconds`; with 0, at once and everywhere within two seconds.
         */
        post: operations["rotateApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/api-keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List users, in the order they were made */
        get: operations["listUsers"];
        put?: never;
        /** Create a user and invite it */
        post: operations["createUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a user, with what it may do */
        get: operations["readUser"];
        put?: never;
        post?: never;
        /** Remove a user and end all that was issued to it */
        delete: operations["deleteUser"];
        options?: never;
        head?: never;
        /** Change a user; deactivated, it is signed out everywhere */
        patch: operations["updateUser"];
        trace?: never;
    };
    "/v1/users/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give a user exactly these roles
         * @description Whoever does it must have what is given and what is taken away. What was issued to the user before ends.
         */
        put: operations["setUserRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send an invitation again */
        post: operations["inviteUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/reset-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send a link to set a new password */
        post: operations["resetUserPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/users/{id}/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End all sign-ins of a user and all tokens issued to it */
        post: operations["signOutUser"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List groups, in the order they were made */
        get: operations["listGroups"];
        put?: never;
        /** Create a group */
        post: operations["createGroup"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a group */
        get: operations["readGroup"];
        put?: never;
        post?: never;
        /** Remove a group; its members stay, without what they had through it */
        delete: operations["deleteGroup"];
        options?: never;
        head?: never;
        /** Rename a group */
        patch: operations["updateGroup"];
        trace?: never;
    };
    "/v1/groups/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Give the members of a group exactly these roles through it
         * @description Whoever does it must have what is given and what is taken away. For a group that a directory provisions this is the mapping of the directory's group to roles: from then on the directory decides who has them.
         */
        put: operations["setGroupRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{id}/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the members of a group */
        get: operations["listGroupMembers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/groups/{id}/members/{user}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Put a user into a group */
        put: operations["addGroupMember"];
        post?: never;
        /** Take a user out of a group */
        delete: operations["removeGroupMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List roles: the built-in ones, then the tenant's own */
        get: operations["listRoles"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/roles/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a role */
        get: operations["readRole"];
        /**
         * Make a role, or change it for all who have it
         * @description Whoever does it must have all that the role had and will have. What is taken out of a role is gone for all who have it within two seconds.
         */
        put: operations["putRole"];
        post?: never;
        /** Remove a role and take it from all who have it */
        delete: operations["deleteRole"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List service accounts, in the order they were made */
        get: operations["listServiceAccounts"];
        put?: never;
        /** Create a service account: a program that acts in its own name */
        post: operations["createServiceAccount"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/service-accounts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a service account */
        get: operations["readServiceAccount"];
        put?: never;
        post?: never;
        /** Remove a service account and revoke its keys */
        delete: operations["deleteServiceAccount"];
        options?: never;
        head?: never;
        /** Change a service account; deactivated, its keys open nothing */
        patch: operations["updateServiceAccount"];
        trace?: never;
    };
    "/v1/service-accounts/{id}/roles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Give a service account exactly these roles */
        put: operations["setServiceAccountRoles"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/notifications": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the letters whose links still open, newest first */
        get: operations["listNotifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the credential is, and what it may do */
        get: operations["readAccount"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List one's own sign-ins by browser, newest first */
        get: operations["listSignIns"];
        put?: never;
        post?: never;
        /** Sign out everywhere: end all one's sign-ins and all tokens issued to one */
        delete: operations["endSignIns"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/account/sign-ins/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** End one of one's own sign-ins */
        delete: operations["endSignIn"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/federation/issuers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tenant's identity providers, oldest first */
        get: operations["listFederationIssuers"];
        put?: never;
        /**
         * Name an identity provider that the tenant's people sign in by
         * @description Any OpenID provider: Keycloak, Entra ID, Auth0, Google. Nothing is asked of it yet; `…/test` does that.
         */
        post: operations["createFederationIssuer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/federation/issuers/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read an identity provider and how it does */
        get: operations["readFederationIssuer"];
        /** Change an identity provider */
        put: operations["updateFederationIssuer"];
        post?: never;
        /** Let nobody in by an identity provider any more */
        delete: operations["deleteFederationIssuer"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/federation/issuers/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask an identity provider for its metadata and keys now
         * @description What it answers counts from now on: a key that it took back is refused everywhere within 15 seconds.
         */
        post: operations["testFederationIssuer"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/federation/clients/{client}/jwks.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the key by which the platform proves itself to an identity provider */
        get: operations["readFederationClientKeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one's own second factors */
        get: operations["readSecondFactors"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/totp": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to set up an authenticator app */
        post: operations["enrolAuthenticator"];
        /**
         * Remove the authenticator app
         * @description Needs a second factor that was proved in the last ten minutes.
         */
        delete: operations["removeAuthenticator"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/totp/confirm": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Confirm an authenticator app by its first code */
        post: operations["confirmAuthenticator"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/recovery-codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make new recovery codes in place of the old
         * @description Needs a second factor that was proved in the last ten minutes.
         */
        post: operations["createRecoveryCodes"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/passkey-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to register a passkey */
        post: operations["createPasskeyOptions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Register a passkey */
        post: operations["registerPasskey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/passkeys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a passkey
         * @description Needs a second factor that was proved in the last ten minutes.
         */
        delete: operations["deletePasskey"];
        options?: never;
        head?: never;
        /** Rename a passkey */
        patch: operations["renamePasskey"];
        trace?: never;
    };
    "/v1/auth/mfa/challenge": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begin to prove a passkey */
        post: operations["createPasskeyChallenge"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/auth/mfa/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Prove a second factor and get a token that says so
         * @description The way on from a 401 with `insufficient_user_authentication` (RFC 9470). The token has the rights of the one presented and ends with it; `acr`, `amr` and `mfa_at` say what was proved.
         */
        post: operations["verifySecondFactor"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List sessions, newest first */
        get: operations["listSessions"];
        put?: never;
        /** Start a session */
        post: operations["createSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how a session stands */
        get: operations["readSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the conversation, oldest first */
        get: operations["listMessages"];
        put?: never;
        /**
         * Send a message
         * @description With `Accept: text/event-stream` the answer is the stream of the turn's events until it has ended; otherwise the turn's id at once. Sent again with the same Idempotency-Key it is the same turn. Attached files can be asked about from then on.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow a session's events */
        get: operations["readSessionEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/approvals/{step}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve or refuse a call that waits for a person */
        post: operations["decideApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/close": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Close a session */
        post: operations["closeSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/training": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Train the session's agent, and let nobody else
         * @description For a day at most; until then any other session is refused with `conflict`. It ends when it is told to, when a turn fails, and when the session is closed. What happens meanwhile is marked as training in the audit log.
         */
        post: operations["startTraining"];
        /** End the training */
        delete: operations["endTraining"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/ag-ui": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take part in a session by AG-UI 1.0
         * @description The last message of the user is a turn of the session; the same message again follows the same turn. Where the turn waits for a person the run ends with interrupts, and the run that resumes answers them.
         */
        post: operations["runSessionAgUi"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/ui-messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take part in a session by the AI SDK's UI message stream
         * @description For `DefaultChatTransport`. The last message is a turn of the session, or, when it is an assistant's, brings the answers to the approvals that it asks for.
         */
        post: operations["sendSessionUiMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/ui-messages/{chat}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the turn that goes on, from its beginning
         * @description Where `DefaultChatTransport` reconnects. `chat` is the front end's own id.
         */
        get: operations["resumeSessionUiMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List projects, newest first */
        get: operations["listProjects"];
        put?: never;
        /**
         * Give a brief
         * @description The brief is planned, run by agents side by side, reviewed and delivered. Attach data and documents by their artifact ids.
         */
        post: operations["createProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how a project stands */
        get: operations["readProject"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow a project's events */
        get: operations["readProjectEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tasks of a project's present plan, in the order of the plan */
        get: operations["listTasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause a project
         * @description Starts nothing new; what runs ends.
         */
        post: operations["pauseProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume a project
         * @description Goes on after a pause, or tries again what has failed.
         */
        post: operations["resumeProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a project
         * @description Ends it for good.
         */
        post: operations["cancelProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/tasks/{step}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Try a failed task again */
        post: operations["retryTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/answers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer the planner's questions */
        post: operations["answerQuestions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/gate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve, refuse or send back a report */
        post: operations["decideGate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/amend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change the brief of a project under way
         * @description The plan is made again. What it does not touch is kept: finished work is not done again, and what runs and is still wanted runs on.
         */
        post: operations["amendProject"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/budget": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Set what a project may use
         * @description The whole of it: what is left out has no limit of its own any more. A project that a limit has stopped goes on when it is resumed.
         */
        put: operations["setProjectBudget"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/tasks/{step}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a step that waits for a person */
        post: operations["answerTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/deliverables": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what a project delivered */
        get: operations["listDeliverables"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/deliverables/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Download a deliverable
         * @description The name is as listed, with `/` written as `%2F`; `manifest.json` is the manifest.
         */
        get: operations["readDeliverable"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/deliverables/{name}/provenance": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read where a deliverable comes from
         * @description An in-toto Statement v1 with a SLSA provenance v1 predicate: the file's digest, the steps it was made from, and the digests of what they read. The manifest has its hash.
         */
        get: operations["readProvenance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/reviews": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what waits for a person's decision, oldest first */
        get: operations["listReviews"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the report of the present round as it was reviewed
         * @description The report with its evidence, the review's checks, and the difference to the round before: what a decision is made on.
         */
        get: operations["readReview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sum up all projects: where they stand, what they took, what waits */
        get: operations["readProjectSummary"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kamachiq/projects/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the newest messages among a project's agents, oldest first
         * @description At most 200; all of them are among the project's events.
         */
        get: operations["listProjectMessages"];
        put?: never;
        /** Tell a project's agents something */
        post: operations["postProjectMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/route": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say how a request would be run
         * @description Names the pattern and why it was taken, and gives the graph that POST /v1/mao/runs would run for the request. Nothing is started.
         */
        post: operations["routeRequest"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/fork": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run from where another stood at one of its events
         * @description What the other run had come to by then is taken over, and nothing of it runs again. With `graph` it goes on by another graph.
         */
        post: operations["forkRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See where a finished run would have gone another way by a changed graph
         * @description Steps end as they ended in the run as long as they are the same steps with the same inputs. Nothing runs.
         */
        post: operations["replayRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See what a graph would do, without doing it
         * @description The waves in which its steps could start, what policy says of each, and what it would cost at least, with what that is counted by.
         */
        post: operations["dryRunGraph"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List runs, newest first
         * @description The list follows the runs themselves within seconds.
         */
        get: operations["listRuns"];
        put?: never;
        /**
         * Start a run
         * @description With `Prefer: wait=N` (RFC 7240) the answer comes when the run is over, or after N seconds.
         */
        post: operations["createRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how a run stands */
        get: operations["readRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/graph": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the steps of a run, in the order of its graph */
        get: operations["readRunGraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Follow a run's events */
        get: operations["readRunEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/signals/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a signal to a run
         * @description The oldest step that waits for it (`signal:<name>`) gets the payload as its output; one that comes early is kept for the next that waits.
         */
        post: operations["signalRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/queries/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Ask a run a question that its graph names */
        get: operations["queryRun"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/updates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Change a value that steps of a run read
         * @description It is taken when every condition that the graph sets for it holds, and refused with the one that does not; the answer says which.
         */
        post: operations["updateRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start no further step */
        post: operations["pauseRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go on with a paused run */
        post: operations["resumeRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End a run
         * @description `graceful` lets running steps finish, `hard` breaks them off; then effects are taken back where the graph says how.
         */
        post: operations["cancelRun"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/steps/{step}/answer": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Answer a step that waits for a person */
        post: operations["answerRunStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/steps/{step}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a step again, and all that needs it
         * @description The step and everything behind it are reset, under new idempotency keys; a run that had failed or ended goes on.
         */
        post: operations["retryRunStep"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import graphs, or teams of another framework
         * @description Each file is YAML or JSON. What is in them becomes graphs; everything is named as mapped or as unmapped, with file, line and column. A version is made only when the graph differs from the newest one.
         */
        post: operations["importTemplates"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List templates by name */
        get: operations["listTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what is known of a template */
        get: operations["readTemplate"];
        put?: never;
        post?: never;
        /**
         * Delete a template with all its versions
         * @description Runs that were started from it keep the graph they started with.
         */
        delete: operations["deleteTemplate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of a template, newest first */
        get: operations["listTemplateVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a version: its graph, and what became of the files it was made from */
        get: operations["readTemplateVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare two versions of a template */
        get: operations["diffTemplateVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/templates/{name}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Write a template out as a file */
        get: operations["exportTemplate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List schedules, newest first */
        get: operations["listSchedules"];
        put?: never;
        /**
         * Start runs at set times
         * @description Times are those of the clock on the wall in the time zone. When clocks change, a time that is left out fires at the end of the gap and one that comes twice fires once; what repeats (`*`, steps) follows the clock.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/schedules/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how a schedule stands: its next ten times and its last hundred */
        get: operations["readSchedule"];
        put?: never;
        post?: never;
        /**
         * Delete a schedule
         * @description Runs that it started go on to their end.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        /**
         * Change a schedule
         * @description What is left out stays. The new times count from now on.
         */
        patch: operations["changeSchedule"];
        trace?: never;
    };
    "/v1/mao/schedules/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start no further run */
        post: operations["pauseSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/schedules/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a paused schedule
         * @description Times that fell into the pause are not made up for.
         */
        post: operations["resumeSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/schedules/{id}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start a run now
         * @description The overlap policy holds for it too. Its times go on as they were.
         */
        post: operations["runSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/ag-ui": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Follow a run by AG-UI 1.0, and answer what it asks
         * @description Steps of the graph are steps, its agents' words are messages. Where it waits for people the stream ends with interrupts; answering them needs `runs.approve`.
         */
        post: operations["followRunAgUi"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/ui-messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Follow a run by the AI SDK's UI message stream, and answer what it asks
         * @description For `DefaultChatTransport`: a message of the user follows the run from its beginning; an assistant's brings answers, which needs `runs.approve`.
         */
        post: operations["followRunUiMessages"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/mao/runs/{id}/ui-messages/{chat}/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow a run that goes on, from its beginning
         * @description Where `DefaultChatTransport` reconnects. `chat` is the front end's own id.
         */
        get: operations["resumeRunUiMessages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List files, newest first */
        get: operations["listArtifacts"];
        put?: never;
        /**
         * Upload a file
         * @description The body is the file as it is. It is streamed to storage; up to 100 MiB.
         */
        post: operations["createArtifact"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what is known of a file */
        get: operations["readArtifact"];
        put?: never;
        post?: never;
        /** Delete a file */
        delete: operations["deleteArtifact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/artifacts/{id}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Download a file */
        get: operations["readArtifactContent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/capsules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the capsules that agents can run
         * @description The tenant's own by name and version, then those that come with the platform.
         */
        get: operations["listCapsules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/capsules/{name}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read one version of a capsule */
        get: operations["readCapsule"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/capsules/{name}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Publish a version of a capsule of one's own
         * @description Versions never change: the same again is the same, another under its version is refused. A reference `name@range` means the newest of the tenant's own that the range allows, and one of the platform's where there is none.
         */
        post: operations["publishCapsule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the tools that agents can use */
        get: operations["listTools"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/tools/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what a tool takes and does */
        get: operations["readTool"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/remember": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remember something
         * @description The same words again are counted, not stored twice. With `corrects`, or `about` the same as another's, it replaces what it corrects. Memories belong to the credential's subject and are the same in all of its sessions.
         */
        post: operations["remember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/recall": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Recall what fits a question
         * @description By words and by likeness of spelling, fused by reciprocal rank; best first. Nothing is found for what nothing remembered resembles.
         */
        post: operations["recall"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memories": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List memories, newest first */
        get: operations["listMemories"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/memories/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a memory */
        get: operations["readMemory"];
        put?: never;
        post?: never;
        /**
         * Forget a memory
         * @description It is removed from the table and from both indexes, and looked for there, before this answers.
         */
        delete: operations["deleteMemory"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List budgets with where they stand */
        get: operations["listBudgets"];
        put?: never;
        /**
         * Make a budget
         * @description It counts what begins from now on. Every budget that counts a call must cover it: the narrowest decides.
         */
        post: operations["createBudget"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a budget with where it stands */
        get: operations["readBudget"];
        /**
         * Draw the lines of a budget
         * @description What is left out stays. A limit below what is spent and leased only stops new work.
         */
        put: operations["setBudget"];
        post?: never;
        /**
         * Delete a budget
         * @description The tenant's own cannot be deleted.
         */
        delete: operations["deleteBudget"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/budgets/{id}/reservations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what running work holds of a budget */
        get: operations["listBudgetReservations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the constitution that binds the tenant's agents
         * @description The platform's own, and the tenant's, which adds to it. `hash` is what sessions, runs, projects and decisions pin.
         */
        get: operations["readConstitution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution/documents/{sha256}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a text by its hash
         * @description The very bytes that were hashed. A text never changes under its hash, so it may be kept for good.
         */
        get: operations["readConstitutionDocument"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of the tenant's constitution, newest first */
        get: operations["listConstitutionVersions"];
        put?: never;
        /**
         * Draft a version of the tenant's constitution
         * @description It is read and checked whole: each fault is told by line and column. It binds nobody until it is approved and activated.
         */
        post: operations["draftConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution/versions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how a version stands: its approvals, and when it is or was in force */
        get: operations["readConstitutionVersion"];
        /**
         * Write a draft anew
         * @description Approvals of another text are void, and so is the time it was set for.
         */
        put: operations["redraftConstitution"];
        post?: never;
        /** Discard a draft */
        delete: operations["discardConstitution"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution/versions/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tell what a version says otherwise, article by article */
        get: operations["diffConstitution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution/versions/{id}/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Approve of a version as it reads under its hash */
        post: operations["approveConstitution"];
        /**
         * Withdraw one's own approval
         * @description A version that loses its quorum by it does not come into force at the time it was set for.
         */
        delete: operations["withdrawConstitutionApproval"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution/versions/{id}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put an approved version in force, now or at a time
         * @description What it forbids is forbidden within a second everywhere. Sessions that began before keep what their agents were told.
         */
        post: operations["activateConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/constitution/versions/{id}/roll-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a version in force again that was in force before
         * @description It needs the quorum of the document in force: approvals it has still count, and more can be given.
         */
        post: operations["rollBackConstitution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/compliance/overlays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the overlays, and which are on
         * @description There are five, and they come with the platform; the list has no pages.
         */
        get: operations["listOverlays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/compliance/overlays/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Switch an overlay on or off
         * @description What it forbids and demands holds within a second everywhere. Off it goes by the same capability, and both are in the audit log.
         */
        put: operations["setOverlay"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/compliance/overlays/{name}/coverage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Report which clauses are met by software here, which are shared, and which software alone cannot meet */
        get: operations["readOverlayCoverage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what happened, newest first */
        get: operations["listAuditEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Erase what events of one object hold, with its salts
         * @description For personal data that must go. The events stay in the log as hashes that nobody can guess the data of any more, proofs stay valid, and the erasure is a change on record.
         */
        post: operations["eraseAuditPayloads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read where the tenant's transparency log stands */
        get: operations["readAuditLog"];
        /**
         * Let everybody read the log's tiles and checkpoints, or nobody
         * @description What is published are hashes: it tells how much happened and when the log grew, and nothing of what happened.
         */
        put: operations["publishAuditLog"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/inclusion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prove that an event is in the log */
        get: operations["proveAuditInclusion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Prove that the log only grew between two sizes */
        get: operations["proveAuditConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the records behind the leaves, in their order
         * @description Each as it was hashed: its entry in the log is the SHA-256 of the line. Payloads are not among them, see /v1/audit/events.
         */
        get: operations["listAuditRecords"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/audit/cosignatures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a witness's cosignature to a checkpoint
         * @description It is verified with the key that comes with it, and shown to readers, who decide which witnesses they trust.
         */
        post: operations["cosignAuditLog"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List messages that could not be delivered, newest first
         * @description Those of the tenant; an operator sees those that name no tenant. They are kept for 30 days.
         */
        get: operations["listDeadLetters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/dead-letters/{id}/redrive": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message to its queue again
         * @description Asking twice is sending once: the second call answers with what the first did. One message of a tenant is sent at a time.
         */
        post: operations["redriveDeadLetter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the Cedar schema that policies are held against */
        get: operations["readPolicySchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/validate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Hold a text against the schema, without keeping it */
        post: operations["validatePolicies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run cases against a text, or against what is in force */
        post: operations["testPolicies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask what would be decided, and why
         * @description Questions in the form of cases, without their effect; against what is in force, or against a version.
         */
        post: operations["evaluatePolicies"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/permissions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Tell what a principal may do
         * @description Over every capability and every tool, and over models, agents and capsules that no policy names, as decided now and with no history.
         */
        get: operations["listPermissions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List decisions, newest first
         * @description Every deny, and of the allows the share that is set; kept for 30 days.
         */
        get: operations["listPolicyDecisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policy/decision-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how many decisions are logged */
        get: operations["readDecisionLog"];
        /** Set how many decisions are logged */
        put: operations["setDecisionLog"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the versions of the tenant's policies */
        get: operations["listPolicyVersions"];
        put?: never;
        /**
         * Draft a version of the tenant's policies
         * @description The whole of them in one text. A text that does not parse, or does not fit the schema, is refused with line and column.
         */
        post: operations["createPolicyVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a version with its texts */
        get: operations["readPolicyVersion"];
        /**
         * Change a draft
         * @description Its tests and its analysis are void then. A version that was in force never changes.
         */
        put: operations["editPolicyVersion"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Compare a version's text with another's */
        get: operations["diffPolicyVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a version's cases
         * @description Against the version together with the platform's policies, the constitution and the overlays in force.
         */
        post: operations["testPolicyVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/analysis": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell what a version would change
         * @description Compared with what is in force: what would be allowed that is not, denied that is not, and what in the text can do nothing.
         */
        post: operations["analysePolicyVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a version what was decided before
         * @description The questions of the decision log, newest first, a page at a time: which answers would be others.
         */
        post: operations["dryRunPolicyVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Put a version into force
         * @description Its cases must have passed, and it must have been analysed against what is in force. It is felt everywhere within a second or two.
         */
        post: operations["activatePolicyVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/policies/{id}/roll-back": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Take the version in force back
         * @description What was in force before it is in force again: another version, or none.
         */
        post: operations["rollBackPolicyVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List kill switches, newest first
         * @description Those of the tenant, thrown and released, with what an operator has stopped for this tenant alone.
         */
        get: operations["listKillSwitches"];
        put?: never;
        /**
         * Throw a kill switch
         * @description From the next step on nothing that it reaches begins; model streams that run are cut, calls of tools that run are marked. What is stopped waits, fails nothing, and goes on by itself after the release.
         */
        post: operations["throwKillSwitch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switch/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a kill switch */
        get: operations["readKillSwitch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switch/{id}/release": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Release a kill switch, or ask for it
         * @description Where the tenant wants two people to release a switch, the first call asks and a second one by another principal confirms; a request that nobody confirms in time is void.
         */
        post: operations["releaseKillSwitch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kill-switch-rules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read how many people release a kill switch */
        get: operations["readKillSwitchRules"];
        /**
         * Set how many people release a kill switch
         * @description While a switch is thrown that two people have to release, the rule cannot be loosened.
         */
        put: operations["setKillSwitchRules"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List secrets by name, never their values */
        get: operations["listSecrets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what is known of a secret, never its value */
        get: operations["readSecret"];
        /**
         * Store a secret, or a new version of it
         * @description It can be used and never read back. The newest 5 versions are kept.
         */
        put: operations["putSecret"];
        post?: never;
        /** Delete a secret with all its versions */
        delete: operations["deleteSecret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/secret-keys/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Seal the tenant's secrets with a new key
         * @description A hundred secrets at a time; call it again until `isDone`. Everything can be used meanwhile.
         */
        post: operations["rotateSecretKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/operations/master-key/rewrap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Close data keys anew under the present master key
         * @description For operators, after SOMA_MASTER_KEY was changed and the earlier one put into SOMA_MASTER_KEYS_BEFORE. A hundred keys at a time; call it again until nothing is left.
         */
        post: operations["rewrapDataKeys"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/capabilities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List what there is to grant, and which routes ask for it */
        get: operations["listCapabilities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A problem document (RFC 9457). */
        Problem: {
            /** @example urn:soma:problem:not-found */
            type: string;
            /** @example There is no such thing here */
            title: string;
            /** @example 404 */
            status: number;
            /** @example No session ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2 in this tenant. */
            detail: string;
            /** @example req_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            requestId: string;
            errors?: {
                pointer: string;
                message: string;
                file?: string;
                /** @description From 1. */
                line?: number;
                /** @description From 1. */
                column?: number;
            }[];
        };
        Token: {
            accessToken: string;
            /** @enum {string} */
            tokenType: "Bearer";
            expiresIn: number;
        };
        TokenRequest: {
            capabilities?: ("sessions.read" | "sessions.write" | "projects.read" | "projects.write" | "projects.approve" | "runs.read" | "runs.write" | "runs.approve" | "templates.read" | "templates.write" | "schedules.read" | "schedules.write" | "training.admin" | "artifacts.read" | "artifacts.write" | "capsules.read" | "capsules.write" | "tools.read" | "tools.invoke" | "memory.read" | "memory.write" | "audit.read" | "audit.write" | "operations.read" | "operations.write" | "identity.read" | "identity.write" | "users.read" | "users.write" | "policies.read" | "policies.write" | "policies.activate" | "constitution.read" | "constitution.write" | "constitution.approve" | "compliance.read" | "compliance.write" | "kill-switch.read" | "kill-switch.write" | "secrets.read" | "secrets.write" | "billing.read" | "budgets.write" | "account.write" | "tenants.write")[];
        };
        NewOAuthClient: components["schemas"]["OAuthClient"] & {
            /** @description The client secret. It is shown this once. */
            secret?: string;
        };
        OAuthClient: {
            /** @example cli_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            name: string;
            /** @enum {string} */
            authMethod: "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt";
            grantTypes: ("authorization_code" | "refresh_token" | "client_credentials" | "urn:ietf:params:oauth:grant-type:device_code" | "urn:ietf:params:oauth:grant-type:token-exchange")[];
            scopes: string[];
            redirectUris: string[];
            postLogoutRedirectUris: string[];
            resources: string[];
            keys?: {
                keys: {
                    [key: string]: unknown;
                }[];
            };
            keysUri?: string;
            requiresPushedRequests: boolean;
            secrets: {
                lastFour: string;
                /** Format: date-time */
                createdAt: string;
                /** Format: date-time */
                endsAt?: string;
            }[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        OAuthClientRequest: {
            /** @example Nightly reports */
            name: string;
            /**
             * @description How it proves itself; `none` for programs that hold no secret.
             * @example client_secret_basic
             * @enum {string}
             */
            authMethod: "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt";
            /**
             * @example [
             *       "client_credentials"
             *     ]
             */
            grantTypes: ("authorization_code" | "refresh_token" | "client_credentials" | "urn:ietf:params:oauth:grant-type:device_code" | "urn:ietf:params:oauth:grant-type:token-exchange")[];
            /**
             * @description The most that its tokens are good for.
             * @example [
             *       "runs.read"
             *     ]
             */
            scopes: ("openid" | "profile" | "email" | "offline_access" | "sessions.read" | "sessions.write" | "projects.read" | "projects.write" | "projects.approve" | "runs.read" | "runs.write" | "runs.approve" | "templates.read" | "templates.write" | "schedules.read" | "schedules.write" | "training.admin" | "artifacts.read" | "artifacts.write" | "capsules.read" | "capsules.write" | "tools.read" | "tools.invoke" | "memory.read" | "memory.write" | "audit.read" | "audit.write" | "operations.read" | "operations.write" | "identity.read" | "identity.write" | "users.read" | "users.write" | "policies.read" | "policies.write" | "policies.activate" | "constitution.read" | "constitution.write" | "constitution.approve" | "compliance.read" | "compliance.write" | "kill-switch.read" | "kill-switch.write" | "secrets.read" | "secrets.write" | "billing.read" | "budgets.write" | "account.write" | "tenants.write")[];
            /** @default [] */
            redirectUris?: string[];
            /** @default [] */
            postLogoutRedirectUris?: string[];
            /**
             * @description Resource servers of your own that it may get tokens for (RFC 8707).
             * @default []
             */
            resources?: string[];
            /** @description Public keys as a JWK set (RFC 7517). */
            keys?: {
                keys: {
                    [key: string]: string | boolean | string[];
                }[];
            };
            /** Format: uri */
            keysUri?: string;
            /** @default false */
            requiresPushedRequests?: boolean;
        };
        SecretRotation: {
            /** @example 86400 */
            overlapSeconds: number;
        };
        Tenant: {
            /** @example ten_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example Antarctic Survey */
            name: string;
            /** Format: date-time */
            createdAt: string;
            /** @enum {string} */
            status: "active" | "suspended" | "closing";
            signIn: components["schemas"]["SignInSettings"];
        };
        SignInSettings: {
            /**
             * @description Whether people may sign in with a password.
             * @default true
             */
            passwords?: boolean;
            /**
             * @description `required`: whoever has no second factor is asked to set one up before anything else.
             * @default optional
             * @enum {string}
             */
            secondFactor?: "optional" | "required";
            /**
             * @description A browser's sign-in ends when it was not used for so many milliseconds.
             * @default 3600000
             */
            idleMs?: number;
            /**
             * @description A browser's sign-in ends after so many milliseconds, however much it is used.
             * @default 86400000
             */
            lifeMs?: number;
        };
        NewApiKey: components["schemas"]["ApiKey"] & {
            /**
             * @description The key itself. It is shown this once.
             * @example soma_key_01KAJ2M3N4P5Q6R7S8T9V0W1X2_…
             */
            secret: string;
        };
        ApiKey: {
            /** @example key_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            name: string;
            /**
             * @description Of a key that stands for itself.
             * @enum {string}
             */
            role?: "admin" | "member" | "viewer" | "operator";
            /** @description The account that the key acts as, with whatever roles that has. */
            serviceAccount?: string;
            /** @description What the key is narrowed to, if it is. */
            scopes?: string[];
            /** @example x9Qw */
            lastFour: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt?: string;
            /** Format: date-time */
            revokedAt?: string;
            /**
             * Format: date-time
             * @description The hour in which it was last used.
             */
            lastUsedAt?: string;
            /** @description The key that this one takes over from. */
            rotatedFrom?: string;
        };
        NewTenant: {
            /** @example Antarctic Survey */
            name: string;
        };
        /**
         * @example {
         *       "name": "Antarctic Survey"
         *     }
         */
        TenantChange: {
            name?: string;
            signIn?: components["schemas"]["SignInSettings"];
        };
        TenantDomains: {
            /**
             * @example [
             *       "example.org"
             *     ]
             */
            domains: string[];
        };
        /**
         * @example {
         *       "name": "nightly reports",
         *       "role": "member"
         *     }
         */
        ApiKeyRequest: {
            /** @example nightly reports */
            name: string;
            /**
             * @description Or `serviceAccount`.
             * @enum {string}
             */
            role?: "admin" | "member" | "viewer";
            /** @description Or `role`. */
            serviceAccount?: string;
            /** @description What the key is narrowed to; all that its role or account has, when left out. */
            scopes?: ("sessions.read" | "sessions.write" | "projects.read" | "projects.write" | "projects.approve" | "runs.read" | "runs.write" | "runs.approve" | "templates.read" | "templates.write" | "schedules.read" | "schedules.write" | "training.admin" | "artifacts.read" | "artifacts.write" | "capsules.read" | "capsules.write" | "tools.read" | "tools.invoke" | "memory.read" | "memory.write" | "audit.read" | "audit.write" | "operations.read" | "operations.write" | "identity.read" | "identity.write" | "users.read" | "users.write" | "policies.read" | "policies.write" | "policies.activate" | "constitution.read" | "constitution.write" | "constitution.approve" | "compliance.read" | "compliance.write" | "kill-switch.read" | "kill-switch.write" | "secrets.read" | "secrets.write" | "billing.read" | "budgets.write" | "account.write" | "tenants.write")[];
            /** Format: date-time */
            expiresAt?: string;
        };
        ApiKeyRotation: {
            /**
             * @description 0, or 60 and more: a location may hold what it knows of a key for some seconds.
             * @default 86400
             * @example 3600
             */
            overlapSeconds?: 0 | number;
        };
        User: {
            /** @example usr_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example ada@example.org */
            email: string;
            userName: string;
            /** @example Ada Lovelace */
            displayName: string;
            givenName?: string;
            familyName?: string;
            externalId?: string;
            /**
             * @description Who keeps the record: people here, a directory, an issuer.
             * @enum {string}
             */
            origin: "local" | "scim" | "federation";
            active: boolean;
            emailVerified: boolean;
            /** @description The user's own roles; those of its groups come on top. */
            roles: string[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            lastSignInAt?: string;
        };
        NewUser: {
            /**
             * Format: email
             * @example ada@example.org
             */
            email: string;
            displayName?: string;
            givenName?: string;
            familyName?: string;
            /** @default [] */
            roles?: string[];
            /**
             * @description Whether a letter with a link to set a password goes out.
             * @default true
             */
            invite?: boolean;
        };
        UserWithGrants: components["schemas"]["User"] & {
            groups: string[];
            capabilities: string[];
        };
        UserChange: {
            /**
             * Format: email
             * @example ada@example.org
             */
            email?: string;
            displayName?: string;
            givenName?: string;
            familyName?: string;
            active?: boolean;
        };
        RoleSet: {
            /**
             * @example [
             *       "member"
             *     ]
             */
            roles: string[];
        };
        Group: {
            /** @example grp_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example Glaciology */
            displayName: string;
            externalId?: string;
            /**
             * @description Who keeps the members: people here, or a directory.
             * @enum {string}
             */
            origin: "local" | "scim";
            /** @description What each member has through the group. */
            roles: string[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewGroup: {
            /** @example Glaciology */
            displayName: string;
        };
        GroupChange: {
            /** @example Glaciology */
            displayName: string;
        };
        GroupMember: {
            user: string;
            displayName: string;
        };
        Role: {
            /** @example analyst */
            name: string;
            description: string;
            /**
             * @example [
             *       "sessions.read",
             *       "artifacts.read"
             *     ]
             */
            capabilities: string[];
            /** @description True for those that every tenant has: they cannot be changed. */
            builtIn: boolean;
        };
        RoleDefinition: {
            /** @default  */
            description?: string;
            /**
             * @example [
             *       "sessions.read",
             *       "artifacts.read"
             *     ]
             */
            capabilities: ("sessions.read" | "sessions.write" | "projects.read" | "projects.write" | "projects.approve" | "runs.read" | "runs.write" | "runs.approve" | "templates.read" | "templates.write" | "schedules.read" | "schedules.write" | "training.admin" | "artifacts.read" | "artifacts.write" | "capsules.read" | "capsules.write" | "tools.read" | "tools.invoke" | "memory.read" | "memory.write" | "audit.read" | "audit.write" | "operations.read" | "operations.write" | "identity.read" | "identity.write" | "users.read" | "users.write" | "policies.read" | "policies.write" | "policies.activate" | "constitution.read" | "constitution.write" | "constitution.approve" | "compliance.read" | "compliance.write" | "kill-switch.read" | "kill-switch.write" | "secrets.read" | "secrets.write" | "billing.read" | "budgets.write" | "account.write" | "tenants.write")[];
        };
        ServiceAccount: {
            /** @example svc_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example nightly reports */
            name: string;
            description: string;
            active: boolean;
            roles: string[];
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewServiceAccount: {
            /** @example nightly reports */
            name: string;
            /** @default  */
            description?: string;
            /** @default [] */
            roles?: string[];
        };
        ServiceAccountChange: {
            name?: string;
            description?: string;
            active?: boolean;
        };
        Notification: {
            id: string;
            user: string;
            recipient: string;
            subject: string;
            /** @enum {string} */
            state: "sent" | "kept" | "failed";
            /** @description What was not sent, for you to hand over. Left out where the user may do something that this credential may not. */
            text?: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            expiresAt: string;
        };
        Account: {
            tenant: string;
            subject: string;
            /** @enum {string} */
            kind: "user" | "service" | "agent" | "operator";
            email?: string;
            displayName?: string;
            roles: string[];
            groups: string[];
            capabilities: string[];
            /** @description How the person was recognised (RFC 8176). */
            amr?: string[];
            /** Format: date-time */
            authTime?: string;
        };
        SignIn: {
            /** @example sid_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            browser: string;
            amr: string[];
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description To the minute.
             */
            lastSeenAt: string;
            /** Format: date-time */
            endsAt: string;
        };
        FederationIssuer: {
            /** @example iss_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example Acme Keycloak */
            name: string;
            /**
             * Format: uri
             * @description Exactly as its tokens name it in `iss`, a final slash included.
             * @example https://id.acme.example/realms/acme
             */
            issuer: string;
            /** @example somaagent */
            clientId: string;
            /**
             * @description How the platform proves to the issuer that it is the client. For `private_key_jwt` it makes a key and tells the public half in `clientKey`.
             * @example none
             * @enum {string}
             */
            clientAuthentication: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "none";
            /**
             * @description Asked for at sign-in, beside `openid`.
             * @default [
             *       "profile",
             *       "email"
             *     ]
             */
            scopes?: string[];
            /**
             * @description The domains whose addresses it may speak for. None: any address that it says is verified.
             * @default []
             */
            emailDomains?: string[];
            /**
             * @description Whoever it vouches for gets a user on the first sign-in; needs `emailDomains`. Otherwise only people who have a user come in.
             * @default false
             */
            createsUsers?: boolean;
            /**
             * @description Roles by claims: a claim that is or holds a value, or a condition (CEL) over `claims`. No rule that holds, no role.
             * @default []
             */
            roleRules?: ({
                claim: string[];
                value: string;
                roles: string[];
            } | {
                when: string;
                roles: string[];
            })[];
            /**
             * @description A second factor that it says it asked for (`mfa` among `amr`, RFC 8176) counts as one here.
             * @default false
             */
            trustsSecondFactor?: boolean;
            /**
             * @description Audiences under which its tokens are taken as credentials of the API; each must hold the tenant's id. None: they are not taken.
             * @default []
             */
            apiAudiences?: string[];
            /**
             * @description False: nobody comes in by it, and its tokens open nothing.
             * @default true
             */
            isEnabled?: boolean;
            hasCredential: boolean;
            /** @description The public key to register for `private_key_jwt` (JWK). */
            clientKey?: {
                [key: string]: unknown;
            };
            /** @description To register at the issuer: where it sends browsers back to. */
            redirectUri: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            status: components["schemas"]["FederationIssuerStatus"];
        };
        FederationIssuerStatus: {
            /**
             * @description `failing`: the last attempt failed, and the keys read before still verify. `lost`: they are too old, and nobody comes in until it answers.
             * @enum {string}
             */
            state: "never-read" | "ready" | "failing" | "lost";
            /** @description Ids of the keys that verify its tokens. */
            keys: string[];
            /** Format: date-time */
            lastReadAt?: string;
            /** Format: date-time */
            lastTriedAt?: string;
            /** Format: date-time */
            lastFailedAt?: string;
            lastError?: string;
            /** Format: date-time */
            keysServeUntil?: string;
        };
        FederationIssuerRequest: {
            /** @example Acme Keycloak */
            name: string;
            /**
             * Format: uri
             * @description Exactly as its tokens name it in `iss`, a final slash included.
             * @example https://id.acme.example/realms/acme
             */
            issuer: string;
            /** @example somaagent */
            clientId: string;
            /**
             * @description How the platform proves to the issuer that it is the client. For `private_key_jwt` it makes a key and tells the public half in `clientKey`.
             * @example none
             * @enum {string}
             */
            clientAuthentication: "client_secret_basic" | "client_secret_post" | "private_key_jwt" | "none";
            /**
             * @description Asked for at sign-in, beside `openid`.
             * @default [
             *       "profile",
             *       "email"
             *     ]
             */
            scopes?: string[];
            /**
             * @description The domains whose addresses it may speak for. None: any address that it says is verified.
             * @default []
             */
            emailDomains?: string[];
            /**
             * @description Whoever it vouches for gets a user on the first sign-in; needs `emailDomains`. Otherwise only people who have a user come in.
             * @default false
             */
            createsUsers?: boolean;
            /**
             * @description Roles by claims: a claim that is or holds a value, or a condition (CEL) over `claims`. No rule that holds, no role.
             * @default []
             */
            roleRules?: ({
                claim: string[];
                value: string;
                roles: string[];
            } | {
                when: string;
                roles: string[];
            })[];
            /**
             * @description A second factor that it says it asked for (`mfa` among `amr`, RFC 8176) counts as one here.
             * @default false
             */
            trustsSecondFactor?: boolean;
            /**
             * @description Audiences under which its tokens are taken as credentials of the API; each must hold the tenant's id. None: they are not taken.
             * @default []
             */
            apiAudiences?: string[];
            /**
             * @description False: nobody comes in by it, and its tokens open nothing.
             * @default true
             */
            isEnabled?: boolean;
            /** @description Kept sealed and never told again. Left out of a change: the one that is kept stays. */
            clientSecret?: string;
        };
        SecondFactors: {
            /** @description The authenticator app; left out when there is none. */
            totp?: {
                /** Format: date-time */
                confirmedAt: string;
            };
            passkeys: components["schemas"]["Passkey"][];
            recoveryCodesLeft: number;
        };
        Passkey: {
            /** @example pky_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example Ada's phone */
            name: string;
            /**
             * @description The host it is good for.
             * @example soma.example
             */
            host: string;
            /** @description True: it is synchronised between the person's devices. */
            isBackedUp: boolean;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            lastUsedAt?: string;
        };
        AuthenticatorEnrolment: {
            secret: string;
            uri: string;
            qrSvg: string;
        };
        RecoveryCodes: {
            recoveryCodes: string[];
        };
        AuthenticatorConfirmation: {
            /** @example 492039 */
            code: string;
        };
        PasskeyOptions: {
            /** @description For `navigator.credentials`, as its JSON (WebAuthn Level 3 §5.1). */
            options: {
                [key: string]: unknown;
            };
            /** @description To be sent back with the browser's answer within five minutes. */
            ticket: string;
        };
        PasskeyRegistration: {
            /** @example Ada's phone */
            name: string;
            ticket: string;
            response: components["schemas"]["PasskeyRegistrationResponse"];
        };
        PasskeyRegistrationResponse: {
            /** @example AQIDBAUGBwgJCgsMDQ4PEA */
            id: string;
            /** @example AQIDBAUGBwgJCgsMDQ4PEA */
            rawId: string;
            /** @enum {string} */
            type: "public-key";
            /** @enum {string|null} */
            authenticatorAttachment?: "platform" | "cross-platform" | null;
            /** @example {} */
            clientExtensionResults: {
                [key: string]: unknown;
            };
            response: {
                /** @example e30 */
                clientDataJSON: string;
                /** @example oA */
                attestationObject: string;
                /** @default [] */
                transports?: string[];
            };
        };
        PasskeyName: {
            /** @example Ada's phone */
            name: string;
        };
        SecondFactorVerification: {
            /**
             * @example {
             *       "method": "totp",
             *       "code": "492039"
             *     }
             */
            proof: {
                /** @enum {string} */
                method: "totp";
                /** @example 492039 */
                code: string;
            } | {
                /** @enum {string} */
                method: "recovery-code";
                /** @example 7K3M-9QXD-1B2C-ZV5T-8H0W-RJ4N */
                code: string;
            } | {
                /** @enum {string} */
                method: "passkey";
                ticket: string;
                response: components["schemas"]["PasskeyAuthenticationResponse"];
            };
        };
        PasskeyAuthenticationResponse: {
            /** @example AQIDBAUGBwgJCgsMDQ4PEA */
            id: string;
            /** @example AQIDBAUGBwgJCgsMDQ4PEA */
            rawId: string;
            /** @enum {string} */
            type: "public-key";
            /** @enum {string|null} */
            authenticatorAttachment?: "platform" | "cross-platform" | null;
            /** @example {} */
            clientExtensionResults: {
                [key: string]: unknown;
            };
            response: {
                /** @example e30 */
                clientDataJSON: string;
                /** @example AA */
                authenticatorData: string;
                /** @example AA */
                signature: string;
                userHandle?: string | null;
            };
        };
        Session: components["schemas"]["SessionSummary"] & {
            agent: string;
            isBusy: boolean;
            turns: number;
            /** @description SHA-256 of the constitution it began under */
            constitutionHash?: string;
            approvals: {
                turn: string;
                step: string;
                tool: string;
                /** @description What the call would be made with, as JSON text */
                input: string;
                reason: string;
            }[];
            files: {
                artifact: string;
                name: string;
                /** @enum {string} */
                kind: "table" | "document";
            }[];
            /** @description The session alone may train its agent, until then */
            training?: {
                by: string;
                /** Format: date-time */
                since: string;
                /** Format: date-time */
                until: string;
            };
        };
        SessionSummary: {
            /** @example ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            title: string;
            /** @enum {string} */
            state: "open" | "closed";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewSession: {
            /**
             * @default
             * @example Penguins
             */
            title?: string;
            /** @default analyst */
            agent?: string;
        };
        NewMessage: {
            /** @example Which species is the heaviest? */
            text: string;
            /** @default [] */
            attachments?: string[];
        };
        Message: {
            turn: string;
            /** @enum {string} */
            role: "user" | "assistant";
            text: string;
            /** @enum {string} */
            state: "running" | "completed" | "failed";
            engine?: string;
            usage?: {
                inputTokens: number;
                outputTokens: number;
                costMicros: number;
            };
            problem?: {
                type: string;
                detail: string;
            };
        };
        Event: {
            seq: number;
            at: number;
            /** @example step.done */
            type: string;
            data: {
                [key: string]: unknown;
            };
        };
        ApprovalDecision: {
            /** @enum {string} */
            decision: "approve" | "refuse";
            note?: string;
        };
        /**
         * @description AG-UI 1.0
         * @example {
         *       "threadId": "thread-1",
         *       "runId": "run-1",
         *       "messages": [
         *         {
         *           "id": "msg-1",
         *           "role": "user",
         *           "content": "Hello"
         *         }
         *       ],
         *       "tools": [],
         *       "context": []
         *     }
         */
        RunAgentInput: {
            threadId: string;
            runId: string;
            protocolVersion?: string;
            parentRunId?: string;
            state?: unknown;
            messages: ({
                id: string;
                role: string;
                content?: unknown;
            } & {
                [key: string]: unknown;
            })[];
            /** @default [] */
            tools?: unknown[];
            /** @default [] */
            context?: unknown[];
            /** @description `attachments`: ids of artifacts that can be asked about from then on */
            forwardedProps?: unknown;
            resume?: {
                interruptId: string;
                /** @enum {string} */
                status: "resolved" | "cancelled";
                payload?: unknown;
            }[];
        };
        /**
         * @description AI SDK UI messages, as `DefaultChatTransport` sends them
         * @example {
         *       "id": "chat-1",
         *       "messages": [
         *         {
         *           "id": "msg-1",
         *           "role": "user",
         *           "parts": [
         *             {
         *               "type": "text",
         *               "text": "Hello"
         *             }
         *           ]
         *         }
         *       ]
         *     }
         */
        UiMessageInput: {
            /** @description The front end's own id of the chat */
            id: string;
            messages: ({
                id: string;
                /** @enum {string} */
                role: "system" | "user" | "assistant";
                parts: ({
                    type: string;
                } & {
                    [key: string]: unknown;
                })[];
                metadata?: unknown;
            } & {
                [key: string]: unknown;
            })[];
            /**
             * @default submit-message
             * @enum {string}
             */
            trigger?: "submit-message" | "regenerate-message";
            messageId?: string;
            /**
             * @description Ids of artifacts that can be asked about from then on; `body` of the transport
             * @default []
             */
            attachments?: string[];
        };
        Project: components["schemas"]["ProjectSummary"] & {
            /** @description SHA-256 of the constitution it began under */
            constitutionHash?: string;
            brief: string;
            amendments: string[];
            attachments: {
                id: string;
                name: string;
            }[];
            engine?: string;
            round: number;
            goals: {
                id: string;
                text: string;
                steps: string[];
                notUnderstood?: string[];
            }[];
            progress: {
                total: number;
                pending: number;
                running: number;
                waiting: number;
                done: number;
                failed: number;
                skipped: number;
                wave: number;
            };
            milestones: {
                name: string;
                title: string;
                tasks: number;
                done: number;
                /** Format: date-time */
                reachedAt?: string;
            }[];
            /** @description The first of the plan's tasks; `GET {id}/tasks` has all of them. */
            tasks: components["schemas"]["Task"][];
            questions: {
                about: string;
                question: string;
                choices: string[];
            }[];
            review?: {
                round: number;
                score: number;
                passed: boolean;
                checks: {
                    name: string;
                    passed: boolean;
                    weight: number;
                    detail: string;
                }[];
                notes: string;
                peer?: {
                    agreed: number;
                    disagreed: number;
                    score: number;
                    engine: string;
                    notes: string;
                };
            };
            budget: {
                limits: {
                    micros?: number;
                    tokens?: number;
                    duration?: string;
                    depth?: number;
                    agents?: number;
                };
                /** @description Counted while there is a limit of money or tokens. */
                spent: {
                    micros: number;
                    tokens: number;
                };
                held: {
                    micros: number;
                    tokens: number;
                };
                agents: number;
                /** @enum {string} */
                reached?: "micros" | "tokens" | "duration" | "depth" | "agents";
            };
            governance: {
                /**
                 * @default plan-brief@^1
                 * @example my-reviewer@^1
                 */
                planner?: string;
                /**
                 * @default provision-agents@^1
                 * @example my-reviewer@^1
                 */
                provisioner?: string;
                /**
                 * @default review-report@^1
                 * @example my-reviewer@^1
                 */
                reviewer?: string;
            };
            usage: {
                inputTokens: number;
                outputTokens: number;
                costMicros: number;
            };
            deliverables: components["schemas"]["Deliverable"][];
            problem?: {
                type: string;
                detail: string;
            };
        };
        Task: {
            step: string;
            title: string;
            uses: string;
            needs: string[];
            /** @enum {string} */
            state: "pending" | "running" | "waiting" | "done" | "failed" | "skipped";
            attempt: number;
            session?: string;
            /** Format: date-time */
            startedAt?: string;
            /** Format: date-time */
            finishedAt?: string;
            problem?: {
                type: string;
                detail: string;
            };
            wave?: number;
            findings?: string;
            accept: {
                condition: string;
                isMet?: boolean;
            }[];
        };
        Deliverable: {
            name: string;
            mediaType: string;
            bytes: number;
            sha256: string;
            /** @description Hash of the statement that says where the file comes from. */
            provenanceSha256: string;
        };
        ProjectSummary: {
            /** @example prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            title: string;
            /** @enum {string} */
            state: "planning" | "questions" | "running" | "paused" | "reviewing" | "gate" | "delivered" | "failed" | "cancelled" | "refused";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        NewProject: {
            /**
             * @default
             * @example Compare the body mass of the species. Does flipper length relate to body mass?
             */
            brief?: string;
            /** @default  */
            title?: string;
            /** @default [] */
            attachments?: string[];
            /** @description A plan to work by, in place of one that is made from the brief: `{title?, goals?, milestones?, graph}`. */
            plan?: Record<string, never>;
            /** @default {} */
            budget?: {
                micros?: number;
                tokens?: number;
                duration?: string;
                depth?: number;
                agents?: number;
            };
            /** @default {} */
            governance?: {
                /**
                 * @default plan-brief@^1
                 * @example my-reviewer@^1
                 */
                planner?: string;
                /**
                 * @default provision-agents@^1
                 * @example my-reviewer@^1
                 */
                provisioner?: string;
                /**
                 * @default review-report@^1
                 * @example my-reviewer@^1
                 */
                reviewer?: string;
            };
            /** @default false */
            peerReview?: boolean;
            /** @default 3 */
            maxReplans?: number;
            /** @default 1 */
            maxReworks?: number;
        };
        Answer: {
            /** @example By size I mean body_mass_g. */
            text: string;
        };
        GateDecision: {
            /** @enum {string} */
            decision: "approve" | "refuse" | "revise";
            /** @default  */
            notes?: string;
        };
        Amendment: {
            /** @example Also rank the islands by body mass. Drop the comparison of bills. */
            text: string;
        };
        ProjectBudget: {
            micros?: number;
            tokens?: number;
            duration?: string;
            depth?: number;
            agents?: number;
        };
        TaskAnswer: {
            /** @enum {string} */
            decision?: "approve" | "refuse";
            text?: string;
        };
        /** @description in-toto Statement v1; its bytes, as they are served, have the hash that the manifest gives. */
        ProvenanceStatement: {
            _type: string;
        } & {
            [key: string]: unknown;
        };
        WaitingReview: components["schemas"]["ProjectSummary"] & {
            round: number;
            findings: number;
            /** Format: date-time */
            openedAt: string;
            waitingSeconds: number;
        };
        ReviewDocument: {
            project: string;
            title: string;
            /** @enum {string} */
            state: "planning" | "questions" | "running" | "paused" | "reviewing" | "gate" | "delivered" | "failed" | "cancelled" | "refused";
            round: number;
            /** Format: date-time */
            openedAt?: string;
            score: number;
            passed: boolean;
            checks: {
                name: string;
                passed: boolean;
                weight: number;
                detail: string;
            }[];
            notes: string;
            peer?: {
                agreed: number;
                disagreed: number;
                score: number;
                engine: string;
                notes: string;
            };
            report: {
                text: string;
                sha256: string;
                isCut: boolean;
            };
            evidence: {
                goal: string;
                text: string;
                evidence: ({
                    title: string;
                } & {
                    [key: string]: unknown;
                })[];
            }[];
            evidenceOmitted: number;
            /** @description How the report differs from that of an earlier round. */
            difference?: {
                against: number;
                lines: {
                    /** @enum {string} */
                    kind: "same" | "removed" | "added" | "gap";
                    text: string;
                }[];
                isCut: boolean;
            };
        };
        ProjectsSummary: {
            /** @description How many there are in each state. */
            projects: {
                [key: string]: number;
            };
            total: number;
            /** @description Those that are not over. */
            active: number;
            done: number;
            failed: number;
            spend: {
                costMicros: number;
                tokens: number;
            };
            /** @description What reviews and peers found wrong in the newest rounds. */
            findings: number;
            gates: {
                open: number;
                /** Format: date-time */
                oldestOpenedAt?: string;
                oldestAgeSeconds?: number;
            };
        };
        ProjectMessage: {
            seq: number;
            /** Format: date-time */
            at: string;
            from: string;
            to: string;
            text: string;
        };
        NewProjectMessage: {
            /** @default all */
            to?: string;
            text: string;
        };
        Route: {
            /** @enum {string} */
            pattern: "schedule" | "approval" | "review-loop" | "debate" | "handoff" | "hierarchy" | "fan-out" | "data-project" | "sequence" | "single-agent" | "imported";
            /**
             * @description The framework, or part of the platform, whose form says it most plainly
             * @example langgraph
             */
            adapter: string;
            why: string[];
            confidence: number;
            /**
             * @description What decided: documented rules, no language model
             * @enum {string}
             */
            decidedBy: "rules";
            /**
             * @description When it is to happen, where the request says so
             * @example 0 9 * * 1
             */
            cron?: string;
            graph: components["schemas"]["Graph"];
        };
        /** @description The one graph form: what templates, runs, capsules and plans are written in. */
        Graph: {
            name?: string;
            description?: string;
            /** @default {} */
            inputs?: {
                [key: string]: {
                    /** @enum {string} */
                    type: "string" | "number" | "boolean" | "array" | "object" | "any";
                    description?: string;
                    default?: unknown;
                    /** @default true */
                    required?: boolean;
                };
            };
            /** @default {} */
            agents?: {
                [key: string]: {
                    /**
                     * @default model
                     * @enum {string}
                     */
                    as?: "model";
                    title?: string;
                    description?: string;
                    /** @default  */
                    instructions?: string;
                    model?: string;
                    tools?: string[];
                    handoffs?: string[];
                    temperature?: number;
                    max_tool_rounds?: number;
                } | {
                    /** @enum {string} */
                    as: "human";
                    title?: string;
                    description?: string;
                } | {
                    /** @enum {string} */
                    as: "team";
                    title?: string;
                    description?: string;
                    /** @enum {string} */
                    pattern: "round-robin" | "selector" | "swarm" | "magentic" | "hierarchical" | "graph";
                    /** @default {} */
                    with?: {
                        [key: string]: unknown;
                    };
                    until?: components["schemas"]["Termination"];
                    /** @default  */
                    instructions?: string;
                    response_prompt?: string;
                    model?: string;
                } | {
                    /** @enum {string} */
                    as: "a2a";
                    title?: string;
                    description?: string;
                    /** Format: uri */
                    card: string;
                    tenant?: string;
                    credential?: string;
                };
            };
            /** @default {} */
            rates?: {
                [key: string]: {
                    limit: number;
                    per: string;
                };
            };
            /** @default {} */
            signals?: {
                [key: string]: {
                    /**
                     * @default any
                     * @enum {string}
                     */
                    type?: "string" | "number" | "boolean" | "array" | "object" | "any";
                    description?: string;
                };
            };
            /** @default {} */
            updates?: {
                [key: string]: {
                    /**
                     * @default any
                     * @enum {string}
                     */
                    type?: "string" | "number" | "boolean" | "array" | "object" | "any";
                    description?: string;
                    /** @default [] */
                    accept?: string[];
                };
            };
            /** @default {} */
            queries?: {
                [key: string]: string;
            };
            steps: {
                [key: string]: {
                    uses: string;
                    title?: string;
                    /** @default [] */
                    needs?: string[];
                    when?: string;
                    /** @default {} */
                    with?: {
                        [key: string]: unknown;
                    };
                    /** @default [] */
                    accept?: string[];
                    retry?: {
                        attempts: number;
                        /**
                         * @default exponential
                         * @enum {string}
                         */
                        backoff?: "constant" | "exponential";
                        /** @default 1s */
                        delay?: string;
                        /** @default 5m */
                        max_delay?: string;
                        /** @default [] */
                        final?: string[];
                    };
                    timeout?: string;
                    rate?: string;
                    /** @default 0 */
                    priority?: number;
                    /** @enum {string} */
                    on_unknown?: "retry" | "ask" | "fail";
                    /** @default fail */
                    on_error?: ("fail" | "continue") | {
                        goto: string;
                    };
                    undo?: {
                        uses: string;
                        title?: string;
                        /** @default {} */
                        with?: {
                            [key: string]: unknown;
                        };
                    };
                    for_each?: string | unknown[];
                    max_parallel?: number;
                    /** @enum {string} */
                    on_item_error?: "fail" | "continue";
                    until?: string;
                    max_iterations?: number;
                    every?: string;
                    switch?: {
                        cases: {
                            when: string;
                            run: string[];
                        }[];
                        /** @default [] */
                        default?: string[];
                    };
                    graph?: components["schemas"]["Graph"];
                };
            };
            /** @default 16 */
            max_parallel?: number;
            /** @default {} */
            outputs?: {
                [key: string]: unknown;
            };
        };
        Termination: {
            any: components["schemas"]["Termination"][];
        } | {
            all: components["schemas"]["Termination"][];
        } | {
            max_messages: number;
        } | {
            text: string;
            sources?: string[];
        } | {
            handoff: string;
        } | {
            timeout: string;
        } | {
            tokens: number;
            /** @enum {string} */
            of?: "total" | "input" | "output";
        } | {
            source: string[];
        } | {
            external: string;
        } | {
            function_call: string;
        };
        NewRoute: {
            /** @example Research heat pumps, then write a one-page summary, and send it after I have approved it. */
            request: string;
            /** @description A definition the caller already has: the framework whose files they are is taken, whatever the request says. */
            files?: {
                path: string;
                text: string;
            }[];
            /**
             * @description Who may take part; made up as the pattern needs them when left out.
             * @default []
             */
            agents?: {
                name: string;
                /** @default  */
                description?: string;
                /**
                 * Format: uri
                 * @description Address of an A2A agent card
                 */
                card?: string;
            }[];
        };
        Run: {
            /** @example run_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            title: string;
            /** @enum {string} */
            state: "running" | "waiting" | "paused" | "cancelling" | "compensating" | "completed" | "failed" | "cancelled";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            schedule?: string;
            /** @description The run one of whose steps it is */
            parent?: string;
            /** Format: date-time */
            finishedAt?: string;
            /** @description SHA-256 of the constitution it began under */
            constitutionHash?: string;
            template?: {
                name: string;
                version: number;
            };
            /**
             * @description Steps by state
             * @example {
             *       "done": 9,
             *       "running": 1
             *     }
             */
            counts: {
                [key: string]: number;
            };
            /** @description What it waits for: people, times, signals */
            waits: {
                step: string;
                uses?: string;
                title?: string;
                /** @example human */
                on: string;
                /** Format: date-time */
                until?: string;
                prompt?: string;
                child?: string;
            }[];
            /** @description The first thousand steps; the rest by `/graph` */
            steps: components["schemas"]["RunStep"][];
            /** @description Steps that took effects back, after the run failed or was cancelled */
            undone: {
                /** @example undo/reserve */
                step: string;
                /** @enum {string} */
                state: "pending" | "running" | "waiting" | "done" | "failed" | "skipped" | "blocked";
                problem?: {
                    type: string;
                    detail: string;
                };
            }[];
            output?: unknown;
            problem?: {
                type: string;
                detail: string;
            };
        };
        RunStep: {
            /** @example summarize */
            step: string;
            title: string;
            /** @example agent:analyst */
            uses: string;
            needs: string[];
            /** @enum {string} */
            state: "pending" | "running" | "waiting" | "done" | "failed" | "skipped" | "blocked";
            attempt: number;
            /** Format: date-time */
            startedAt?: string;
            /** Format: date-time */
            finishedAt?: string;
            durationMs?: number;
            /** @description The session or run that works on it */
            child?: string;
            /**
             * @description Steps inside it (items, iterations, turns, calls) by state
             * @example {
             *       "done": 7,
             *       "running": 1
             *     }
             */
            inside?: {
                [key: string]: number;
            };
            problem?: {
                type: string;
                detail: string;
            };
        };
        /**
         * @example {
         *       "at": 12
         *     }
         */
        RunFork: {
            at: number;
            graph?: components["schemas"]["Graph"];
        };
        RunReplay: {
            /** @description Steps whose recorded outcome holds in the changed graph as well */
            same: number;
            differences: {
                step: string;
                /** @enum {string} */
                kind: "added" | "removed" | "definition" | "input" | "condition" | "branch" | "order" | "depends";
                detail: string;
            }[];
            /** @enum {string} */
            outputs: "same" | "different" | "unknown";
        };
        /**
         * @example {
         *       "graph": {
         *         "steps": {
         *           "wait": {
         *             "uses": "timer:wait",
         *             "with": {
         *               "duration": "2s"
         *             }
         *           }
         *         }
         *       }
         *     }
         */
        ReplayedGraph: {
            graph: components["schemas"]["Graph"];
        };
        DryRunResult: {
            waves: string[][];
            steps: {
                step: string;
                uses: string;
                wave: number;
                decision: {
                    /** @enum {string} */
                    effect: "allow" | "deny" | "none";
                    policies: string[];
                    needsApproval: boolean;
                    reason: string;
                };
                rows: number;
                asksModel: boolean;
            }[];
            estimate: {
                rowsWritten: number;
                /** @description Millionths of a US dollar */
                platformMicros: number;
                stepsThatAskAModel: number;
                basis: string;
            };
        };
        /**
         * @example {
         *       "graph": {
         *         "steps": {
         *           "wait": {
         *             "uses": "timer:wait",
         *             "with": {
         *               "duration": "1s"
         *             }
         *           }
         *         }
         *       },
         *       "inputs": {}
         *     }
         */
        DryRun: {
            graph: components["schemas"]["Graph"];
            /** @default {} */
            inputs?: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "graph": {
         *         "steps": {
         *           "wait": {
         *             "uses": "timer:wait",
         *             "with": {
         *               "duration": "1s"
         *             }
         *           }
         *         }
         *       },
         *       "inputs": {},
         *       "title": "A second"
         *     }
         */
        NewRun: {
            graph?: components["schemas"]["Graph"];
            template?: components["schemas"]["TemplateReference"];
            /**
             * @description What is wanted, in words: POST /v1/mao/route says what graph it becomes.
             * @example Research heat pumps, then write a one-page summary, and send it after I have approved it.
             */
            request?: string;
            /** @default {} */
            inputs?: {
                [key: string]: unknown;
            };
            /** @default  */
            title?: string;
        };
        TemplateReference: {
            /** @example research-crew */
            name: string;
            /** @description The newest when left out; the run keeps the one it started with. */
            version?: number;
        };
        RunSummary: {
            /** @example run_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            title: string;
            /** @enum {string} */
            state: "running" | "waiting" | "paused" | "cancelling" | "compensating" | "completed" | "failed" | "cancelled";
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            schedule?: string;
            /** @description The run one of whose steps it is */
            parent?: string;
            /**
             * @description Name of the template it runs
             * @example monthly-report
             */
            template?: string;
        };
        /**
         * @example {
         *       "payload": {
         *         "order": 17
         *       }
         *     }
         */
        RunPayload: {
            payload: unknown;
        };
        RunAnswerToQuery: {
            name: string;
            answer?: unknown;
        };
        RunCancellation: {
            /**
             * @default graceful
             * @enum {string}
             */
            mode?: "graceful" | "hard";
        };
        /**
         * @example {
         *       "decision": "approve"
         *     }
         */
        RunAnswer: {
            /** @enum {string} */
            decision?: "approve" | "refuse";
            text?: string;
        };
        Import: {
            /** @example crewai */
            framework: string;
            templates: (components["schemas"]["Template"] & {
                /** @description False when the newest version was this already. */
                isNew: boolean;
            })[];
            mapped: (components["schemas"]["Mapped"] & {
                /** @example research-crew */
                template: string;
            })[];
            unmapped: (components["schemas"]["Unmapped"] & {
                /** @example research-crew */
                template?: string;
            })[];
            /** @description How many entries of the two lists were left out because there are too many. */
            untold: number;
        };
        Template: {
            /** @example tpl_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example research-crew */
            name: string;
            /**
             * @description The newest one.
             * @example 3
             */
            version: number;
            /**
             * @description What the newest version was made from.
             * @example crewai
             */
            framework: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        Place: {
            /** @example tasks.yaml */
            file: string;
            /**
             * @description From 1.
             * @example 12
             */
            line: number;
            /**
             * @description From 1.
             * @example 5
             */
            column: number;
        };
        Mapped: {
            /** @example research.context */
            what: string;
            where: components["schemas"]["Place"];
            /** @example steps.research.needs */
            to: string;
        };
        Unmapped: {
            /** @example research.callback */
            what: string;
            where: components["schemas"]["Place"];
            /** @example names code of your own, which does not run here */
            why: string;
        };
        /**
         * @example {
         *       "files": [
         *         {
         *           "path": "wait.yaml",
         *           "text": "name: wait\nsteps:\n  wait: { uses: \"timer:wait\", with: { duration: 1s } }\n"
         *         }
         *       ]
         *     }
         */
        NewImport: {
            files: {
                path: string;
                text: string;
            }[];
            /** @description Whose files they are: `soma`, `crewai`, `autogen`, `langgraph`, `agent-spec`. Recognised when left out. */
            framework?: string;
            /** @description The template's name; taken from the files when left out. */
            name?: string;
            /** @description What says how things outside the files are bound here. */
            binding?: {
                path: string;
                text: string;
            };
        };
        TemplateVersionSummary: {
            version: number;
            /** @description SHA-256 of the graph: equal graphs have equal hashes. */
            hash: string;
            framework: string;
            steps: number;
            /** @description How much of the files could not be carried over. */
            unmapped: number;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
        };
        TemplateVersion: {
            name: string;
            version: number;
            /** @description SHA-256 of the graph: equal graphs have equal hashes. */
            hash: string;
            framework: string;
            steps: number;
            /** @description How much of the files could not be carried over. */
            unmapped: number;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /** @description In the form that POST /v1/mao/runs takes; what has its usual value is left out. */
            graph: {
                [key: string]: unknown;
            };
            report: {
                mapped: components["schemas"]["Mapped"][];
                unmapped: components["schemas"]["Unmapped"][];
            };
        };
        TemplateDiff: {
            from: number;
            to: number;
            steps: {
                added: string[];
                removed: string[];
                changed: string[];
            };
            agents: {
                added: string[];
                removed: string[];
                changed: string[];
            };
            /**
             * @description Other parts of the graph that differ.
             * @example [
             *       "inputs"
             *     ]
             */
            parts: string[];
            /** @description The two as YAML, as a unified diff, unless they have too little in common. */
            patch?: string;
        };
        Schedule: components["schemas"]["ScheduleSummary"] & {
            template?: {
                name: string;
                version?: number;
            };
            /** @description What runs are given, as JSON text */
            inputs: string;
            catchUp: {
                /** @enum {string} */
                policy: "skip" | "last" | "all";
                window: string;
                max: number;
            };
            overlap: {
                /** @enum {string} */
                policy: "skip" | "queue" | "cancel";
                maxQueued: number;
            };
            jitter: string;
            /** Format: date-time */
            startAt?: string;
            /** Format: date-time */
            endAt?: string;
            /** @description The next ten times */
            next: string[];
            /** @description Runs that go on */
            active: {
                run: string;
                /** Format: date-time */
                due: string;
            }[];
            /** @description Times that wait for a run to end */
            queued: string[];
            /** @description What became of the last hundred times, newest first */
            history: components["schemas"]["ScheduleFiring"][];
        };
        ScheduleFiring: {
            /**
             * Format: date-time
             * @description The time it was for
             */
            due: string;
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            outcome: "started" | "queued" | "skipped" | "missed" | "completed" | "failed" | "cancelled";
            /** @enum {string} */
            cause?: "time" | "catch-up" | "person";
            run?: string;
            reason?: string;
            /** @description For `missed`: how many times, up to `due`, as far back as the window of the catch-up */
            count?: number;
            problem?: {
                type: string;
                detail: string;
            };
        };
        ScheduleSummary: {
            /** @example sch_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            title: string;
            /** @enum {string} */
            state: "active" | "paused" | "ended";
            /** @example 0 7 * * mon-fri */
            cron: string;
            /** @example Europe/Berlin */
            timezone: string;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        /**
         * @example {
         *       "title": "Morning report",
         *       "cron": "0 7 * * mon-fri",
         *       "timezone": "Europe/Berlin",
         *       "template": {
         *         "name": "morning-report"
         *       }
         *     }
         */
        NewSchedule: {
            /** @default  */
            title?: string;
            /**
             * @description Minute, hour, day of month, month, day of week
             * @example 0 7 * * mon-fri
             */
            cron: string;
            /**
             * @default UTC
             * @example Europe/Berlin
             */
            timezone?: string;
            template?: {
                name: string;
                version?: number;
            };
            graph?: components["schemas"]["Graph"];
            /** @default {} */
            inputs?: {
                [key: string]: unknown;
            };
            /**
             * @description What becomes of times that passed while the platform was down: none, the last, or up to `max` of those within `window`.
             * @default {}
             */
            catchUp?: {
                /**
                 * @default last
                 * @enum {string}
                 */
                policy?: "skip" | "last" | "all";
                /** @default 1d */
                window?: string;
                /** @default 10 */
                max?: number;
            };
            /**
             * @description What becomes of a time that comes while a run of the schedule goes on: it is skipped, waits its turn, or cancels the older run.
             * @default {}
             */
            overlap?: {
                /**
                 * @default skip
                 * @enum {string}
                 */
                policy?: "skip" | "queue" | "cancel";
                /** @default 10 */
                maxQueued?: number;
            };
            /**
             * @description Each run starts up to this much later, always the same for the same time.
             * @default 0s
             */
            jitter?: string;
            /** Format: date-time */
            startAt?: string;
            /** Format: date-time */
            endAt?: string;
        };
        SchedulePatch: {
            title?: string;
            /**
             * @description Minute, hour, day of month, month, day of week
             * @example 0 7 * * mon-fri
             */
            cron?: string;
            /** @example Europe/Berlin */
            timezone?: string;
            template?: {
                name: string;
                version?: number;
            };
            graph?: components["schemas"]["Graph"];
            inputs?: {
                [key: string]: unknown;
            };
            /** @description Each run starts up to this much later, always the same for the same time. */
            jitter?: string;
            /** Format: date-time */
            startAt?: string | null;
            /** Format: date-time */
            endAt?: string | null;
            /** @description What becomes of times that passed while the platform was down: none, the last, or up to `max` of those within `window`. */
            catchUp?: {
                /**
                 * @default last
                 * @enum {string}
                 */
                policy?: "skip" | "last" | "all";
                /** @default 1d */
                window?: string;
                /** @default 10 */
                max?: number;
            };
            /** @description What becomes of a time that comes while a run of the schedule goes on: it is skipped, waits its turn, or cancels the older run. */
            overlap?: {
                /**
                 * @default skip
                 * @enum {string}
                 */
                policy?: "skip" | "queue" | "cancel";
                /** @default 10 */
                maxQueued?: number;
            };
        };
        Artifact: {
            /** @example art_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example penguins.csv */
            name: string;
            /** @example text/csv */
            mediaType: string;
            bytes: number;
            sha256: string;
            /** Format: date-time */
            createdAt: string;
        };
        Capsule: {
            /** @example compare-groups */
            name: string;
            /** @example 1.0.0 */
            version: string;
            title: string;
            description: string;
            inputs: {
                name: string;
                type: string;
                description?: string;
                required: boolean;
            }[];
            steps: string[];
            /** @description Published by the tenant; false for those that come with the platform. */
            isOwn: boolean;
        };
        /**
         * @example {
         *       "version": "1.0.0",
         *       "title": "Wait a second",
         *       "description": "Waits.",
         *       "graph": {
         *         "steps": {
         *           "wait": {
         *             "uses": "timer:wait",
         *             "with": {
         *               "duration": "1s"
         *             }
         *           }
         *         }
         *       }
         *     }
         */
        CapsuleManifest: {
            name?: unknown;
            version?: unknown;
            title?: unknown;
            description?: unknown;
            purpose?: unknown;
            graph?: unknown;
        };
        Tool: {
            /** @example data.query */
            id: string;
            title: string;
            description: string;
            /** @enum {string} */
            risk: "read" | "write" | "destructive" | "spend";
            /** @description JSON Schema of the input */
            inputSchema: {
                [key: string]: unknown;
            };
        };
        Memory: {
            /** @example mem_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example Reports go to Ada on the first Monday of the month. */
            text: string;
            /** @example recipient of reports */
            about?: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it was last told.
             */
            updatedAt: string;
            /**
             * @description How often it was told in the same words.
             * @example 1
             */
            timesTold: number;
        };
        Budget: {
            /**
             * @description `tenant` is the tenant's own, which is always there.
             * @example bud_01KAJ2M3N4P5Q6R7S8T9V0W1X2
             */
            id: string;
            /** @enum {string} */
            scope: "tenant" | "project" | "user" | "agent" | "capsule" | "model";
            /** @description The id of the project or user, the name of the agent, capsule or model. */
            target?: string;
            /**
             * @description Millionths of a US dollar, or tokens of models, in and out together.
             * @enum {string}
             */
            unit: "micros" | "tokens";
            /** @enum {string} */
            period: "total" | "month" | "day" | "minute";
            /**
             * @description Where days and months begin.
             * @example Europe/Berlin
             */
            zone: string;
            /** @description The hard line: what would pass it is refused. */
            limit?: number;
            /** @description The soft line: the audit log tells once a period that it was reached. */
            softLimit?: number;
            /**
             * @description The present period.
             * @example 2026-11
             */
            window: string;
            spent: number;
            /** @description What running work holds and may spend. */
            leased: number;
        };
        NewBudget: {
            /**
             * @example agent
             * @enum {string}
             */
            scope: "tenant" | "project" | "user" | "agent" | "capsule" | "model";
            /** @example analyst */
            target?: string;
            /**
             * @example micros
             * @enum {string}
             */
            unit: "micros" | "tokens";
            /**
             * @example month
             * @enum {string}
             */
            period: "total" | "month" | "day" | "minute";
            /**
             * @default UTC
             * @example UTC
             */
            zone?: string;
            /** @example 10000000 */
            limit?: number;
            softLimit?: number;
        };
        BudgetLines: {
            /**
             * @description The hard line; null for none.
             * @example 10000000
             */
            limit?: number | null;
            /** @description The soft line; null for none. */
            softLimit?: number | null;
        };
        BudgetReservation: {
            /**
             * @description The work that holds it.
             * @example ses_01KAJ2M3N4P5Q6R7S8T9V0W1X2/trn_01KAJ2M3N4P5Q6R7S8T9V0W1X2/m0
             */
            holder: string;
            /** @description All that it may have spent. */
            granted: number;
            /** @description What of it is known to be spent. */
            settled: number;
            /**
             * Format: date-time
             * @description When all of it counts as spent, if nobody settles it before.
             */
            expiresAt: string;
        };
        Constitution: {
            /**
             * @description Of both texts, one after the other: what sessions, runs, projects and decisions pin.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            hash: string;
            platform: components["schemas"]["ConstitutionDocument"];
            tenant?: components["schemas"]["ConstitutionDocument"];
            inForce?: components["schemas"]["ConstitutionVersion"];
            quorum: {
                approvals: number;
                /** @default false */
                author?: boolean;
                /** @default false */
                services?: boolean;
            };
            scheduled: components["schemas"]["ConstitutionVersion"][];
        };
        ConstitutionDocument: {
            /**
             * @description Of the canonical text; `sha256sum` of the served document prints it.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            sha256: string;
            title: string;
            articles: {
                title: string;
                text: string;
                rationale: string;
                /** @description Cedar. */
                policies: string;
                /** @description Rules, one JSON object a line. */
                moderation: string;
                id: string;
            }[];
        };
        ConstitutionVersion: {
            /** @example con_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            number: number;
            title: string;
            /** @enum {string} */
            state: "draft" | "approved" | "scheduled" | "in-force" | "retired" | "discarded";
            /**
             * @description Of the canonical text: what an approval approves of.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            sha256: string;
            note: string;
            authors: string[];
            quorum: {
                approvals: number;
                /** @default false */
                author?: boolean;
                /** @default false */
                services?: boolean;
            };
            approvals: {
                by: string;
                kind: string;
                /** Format: date-time */
                at: string;
                note?: string;
            }[];
            /** @description Approvals that count by the constitution in force. */
            approvalsCounted: number;
            approvalsNeeded: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** Format: date-time */
            scheduledFor?: string;
            /** Format: date-time */
            activatedAt?: string;
            /** Format: date-time */
            retiredAt?: string;
        };
        NewConstitutionVersion: {
            /**
             * @description Markdown; docs/constitution.md has its form.
             * @example # Constitution of the survey
             *
             *     ## Sources {#sources}
             *
             *     An agent names the file that a figure comes from.
             *
             *     _Rationale._ Readers check what they can find.
             */
            text: string;
            /**
             * @description What it is for, to those who approve.
             * @default
             */
            note?: string;
        };
        ConstitutionDiff: {
            isSame: boolean;
            title: boolean;
            preamble: boolean;
            quorum: boolean;
            articles: {
                article: string;
                /** @enum {string} */
                change: "added" | "removed" | "changed" | "moved";
                parts: ("title" | "text" | "rationale" | "policies" | "moderation")[];
                before?: {
                    title: string;
                    text: string;
                    rationale: string;
                    /** @description Cedar. */
                    policies: string;
                    /** @description Rules, one JSON object a line. */
                    moderation: string;
                };
                after?: {
                    title: string;
                    text: string;
                    rationale: string;
                    /** @description Cedar. */
                    policies: string;
                    /** @description Rules, one JSON object a line. */
                    moderation: string;
                };
            }[];
        };
        ConstitutionApproval: {
            /**
             * @description Of the text that is approved of, as it was read.
             * @example 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
             */
            sha256: string;
            note?: string;
        };
        ConstitutionActivation: {
            /**
             * Format: date-time
             * @description When it comes into force; now when left out.
             */
            at?: string;
        };
        ConstitutionRollback: {
            /** @example Article 7 stopped the night's reports. */
            reason: string;
        };
        Overlay: {
            /** @example hipaa */
            name: string;
            title: string;
            source: string;
            isOn: boolean;
            controls: {
                id: string;
                clause: string;
                /** @enum {string} */
                does: "forbid" | "approval" | "mfa" | "mask" | "retention" | "residency" | "log";
                says: string;
            }[];
        };
        OverlaySwitch: {
            /** @example true */
            isOn: boolean;
        };
        OverlayCoverage: {
            overlay: string;
            title: string;
            source: string;
            isOn: boolean;
            counts: {
                met: number;
                shared: number;
                notSoftware: number;
            };
            clauses: {
                /** @example 45 CFR 164.312(d) */
                clause: string;
                title: string;
                /** @enum {string} */
                status: "met" | "shared" | "not-software";
                controls: string[];
                evidence: string[];
                why: string;
            }[];
            controls: {
                id: string;
                clause: string;
                /** @enum {string} */
                does: "forbid" | "approval" | "mfa" | "mask" | "retention" | "residency" | "log";
                says: string;
            }[];
        };
        /** @description A CloudEvents 1.0 event. */
        AuditEvent: {
            /** @enum {string} */
            specversion: "1.0";
            /** @example prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2/7 */
            id: string;
            /** @example /prj_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            source: string;
            /** @example io.somaagent.step.done.v1 */
            type: string;
            /** Format: date-time */
            time: string;
            /** @description True for what happened while an agent was trained */
            training?: boolean;
            /** @description The event's leaf in the transparency log holds SHA-256(salt ‖ canonical JSON of data). */
            salt?: string;
            /** @description True when its data was erased; the log holds its hash for good. */
            erased?: boolean;
            data?: unknown;
        };
        AuditErasure: {
            erased: number;
        };
        AuditLog: {
            /** @example 9f2c6a1d0b7e4c5f8a9b0c1d2e3f4a5b */
            id: string;
            /** @example somaagent.local/tlog/9f2c6a1d0b7e4c5f8a9b0c1d2e3f4a5b */
            origin: string;
            /** @description Verifies its checkpoints (C2SP signed-note vkey); keep a copy elsewhere. */
            verifierKey?: string;
            /** @description Leaves, those included that no checkpoint covers yet. */
            size: number;
            /**
             * @description A signed checkpoint (C2SP tlog-checkpoint).
             * @example somaagent.local/tlog/9f2c
             *     3
             *     CsUY…=
             *
             *     — somaagent.local/tlog/9f2c Az3g…
             */
            checkpoint?: string;
            checkpointSize?: number;
            /** @description What witnesses have said of this checkpoint, a line each. */
            cosignatures: string[];
            /** @description Whether everybody may read its tiles under `path`. */
            isPublished: boolean;
            /** @example /tlog/9f2c6a1d0b7e4c5f8a9b0c1d2e3f4a5b */
            path: string;
        };
        AuditInclusion: {
            index: number;
            size: number;
            /** @description The entry is the SHA-256 of its canonical JSON (RFC 8785). */
            record?: unknown;
            /** @description Hashes in base64, from the leaf's side up (RFC 6962). */
            proof: string[];
            /**
             * @description A signed checkpoint (C2SP tlog-checkpoint).
             * @example somaagent.local/tlog/9f2c
             *     3
             *     CsUY…=
             *
             *     — somaagent.local/tlog/9f2c Az3g…
             */
            checkpoint: string;
            /** @description The same as one file (C2SP tlog-proof). */
            tlogProof: string;
        };
        AuditConsistency: {
            from: number;
            to: number;
            /** @description Hashes in base64, from the leaf's side up (RFC 6962). */
            proof: string[];
        };
        AuditRecords: {
            from: number;
            lines: string[];
            next?: number;
        };
        DeadLetter: {
            /** @example dlt_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @example agent-audit */
            queue: string;
            /** @example 6 */
            attempts: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            redrivenAt?: string;
            body?: unknown;
        };
        /**
         * @example {
         *       "text": "@id(\"none\") forbid (principal, action == Action::\"model\", resource);"
         *     }
         */
        PolicyText: {
            text: string;
        };
        PolicyCaseOutcome: {
            name: string;
            passed: boolean;
            /** @enum {string} */
            effect?: "allow" | "deny";
            policies: string[];
            obligations: string[];
            why?: string;
        };
        /**
         * @example {
         *       "cases": "- a viewer writes nothing: { role: viewer, route: sessions.write, effect: deny }"
         *     }
         */
        PolicyTest: {
            /** @description In place of the tenant's policies in force. */
            text?: string;
            cases: string;
        };
        PolicyAnswer: {
            /** @enum {string} */
            effect: "allow" | "deny";
            reason: string;
            policies: string[];
            obligations: string[];
            considered: {
                id: string;
                layer: string;
                /** @enum {string} */
                effect: "permit" | "forbid";
                /** @description Left out where it cannot be told. */
                holds?: boolean;
                /** @description The attributes that it reads, and what they were. */
                reads: {
                    [key: string]: unknown;
                };
                /** @description The first condition that is not met. */
                failed?: string;
            }[];
        };
        /**
         * @example {
         *       "requests": [
         *         {
         *           "role": "member",
         *           "tool": "data.query",
         *           "risk": "read"
         *         }
         *       ]
         *     }
         */
        PolicyEvaluation: {
            /** @description In place of the tenant's policies in force. */
            version?: string;
            requests: {
                /**
                 * @default member
                 * @enum {string}
                 */
                role?: "admin" | "member" | "viewer" | "operator";
                roles?: string[];
                /** @default [] */
                groups?: string[];
                capabilities?: ("sessions.read" | "sessions.write" | "projects.read" | "projects.write" | "projects.approve" | "runs.read" | "runs.write" | "runs.approve" | "templates.read" | "templates.write" | "schedules.read" | "schedules.write" | "training.admin" | "artifacts.read" | "artifacts.write" | "capsules.read" | "capsules.write" | "tools.read" | "tools.invoke" | "memory.read" | "memory.write" | "audit.read" | "audit.write" | "operations.read" | "operations.write" | "identity.read" | "identity.write" | "users.read" | "users.write" | "policies.read" | "policies.write" | "policies.activate" | "constitution.read" | "constitution.write" | "constitution.approve" | "compliance.read" | "compliance.write" | "kill-switch.read" | "kill-switch.write" | "secrets.read" | "secrets.write" | "billing.read" | "budgets.write" | "account.write" | "tenants.write")[];
                /**
                 * @default user
                 * @enum {string}
                 */
                kind?: "user" | "service" | "agent" | "operator";
                /** @default [] */
                amr?: string[];
                mfa_age?: string;
                actor?: string;
                client?: string;
                /** @enum {string} */
                in?: "other";
                route?: string;
                tool?: string;
                model?: string;
                agent?: string;
                capsule?: string;
                /** @enum {string} */
                risk?: "read" | "write" | "destructive" | "spend";
                /** @default [] */
                tags?: string[];
                as_agent?: string;
                /** @default [] */
                history?: string[];
                /** @default [] */
                labels?: string[];
                /** @enum {string} */
                channel?: "http" | "session" | "run" | "project";
                cost_micros?: number;
                /**
                 * Format: date-time
                 * @default 2026-01-07T12:00:00Z
                 */
                at?: string;
            }[];
        };
        PolicyDecision: {
            /** @example dec_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            effect: "allow" | "deny";
            /** @enum {string} */
            action: "route" | "tool" | "model" | "agent" | "capsule";
            resource: string;
            subject: string;
            reason: string;
            policyHash: string;
            policies: string[];
            obligations: string[];
            /** @description How many decisions of this kind it stands for: allows are sampled. */
            standsFor: number;
            /** @description The question in the terms of the schema. */
            request: {
                [key: string]: unknown;
            };
        };
        /**
         * @example {
         *       "allowsAThousand": 100
         *     }
         */
        DecisionLogSettings: {
            /** @description Of a thousand decisions that allow, so many are logged; denies always are. */
            allowsAThousand: number;
        };
        PolicyVersion: {
            /** @example pol_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            number: number;
            /** @enum {string} */
            state: "draft" | "tested" | "active" | "retired";
            note: string;
            /** @description SHA-256 of the text. */
            hash: string;
            policies: number;
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
            /**
             * Format: date-time
             * @description When it came into force first.
             */
            activatedAt?: string;
            tests?: {
                passed: number;
                failed: number;
                /** Format: date-time */
                at: string;
            };
            /** @description Against the text of this hash, which was in force then; empty for none. */
            analysis?: {
                base: string;
                isExhaustive: boolean;
                widened: number;
                narrowed: number;
                obliged: number;
                /** Format: date-time */
                at: string;
            };
        };
        /**
         * @example {
         *       "text": "@id(\"no-spending\")\nforbid (principal, action == Action::\"tool\", resource)\nwhen { resource.risk == \"spend\" };",
         *       "cases": "- nobody spends: { role: admin, tool: ads.buy, risk: spend, effect: deny }",
         *       "note": "Nothing is bought by agents."
         *     }
         */
        PolicyTexts: {
            /** @description Cedar policies, each with an @id. */
            text: string;
            /**
             * @description Cases in YAML; a version without any cannot come into force.
             * @default
             */
            cases?: string;
            /** @default  */
            note?: string;
        };
        PolicyVersionWithTexts: components["schemas"]["PolicyVersion"] & {
            text: string;
            cases: string;
        };
        PolicyAnalysis: {
            /** @description True when what was tried stands for every request the policies can tell apart. */
            isExhaustive: boolean;
            coverage: {
                /** @enum {string} */
                action: "route" | "tool" | "model" | "agent" | "capsule";
                tried: number;
                of: number;
                doubts: string[];
            }[];
            widened: {
                /** @description Of the requests that were tried. */
                count: number;
                examples: {
                    /** @enum {string} */
                    action: "route" | "tool" | "model" | "agent" | "capsule";
                    /** @description What the policies read of it. */
                    request: {
                        [key: string]: unknown;
                    };
                    before: {
                        /** @enum {string} */
                        effect: "allow" | "deny";
                        policies: string[];
                        obligations: string[];
                    };
                    after: {
                        /** @enum {string} */
                        effect: "allow" | "deny";
                        policies: string[];
                        obligations: string[];
                    };
                }[];
            };
            narrowed: {
                /** @description Of the requests that were tried. */
                count: number;
                examples: {
                    /** @enum {string} */
                    action: "route" | "tool" | "model" | "agent" | "capsule";
                    /** @description What the policies read of it. */
                    request: {
                        [key: string]: unknown;
                    };
                    before: {
                        /** @enum {string} */
                        effect: "allow" | "deny";
                        policies: string[];
                        obligations: string[];
                    };
                    after: {
                        /** @enum {string} */
                        effect: "allow" | "deny";
                        policies: string[];
                        obligations: string[];
                    };
                }[];
            };
            obliged: {
                /** @description Of the requests that were tried. */
                count: number;
                examples: {
                    /** @enum {string} */
                    action: "route" | "tool" | "model" | "agent" | "capsule";
                    /** @description What the policies read of it. */
                    request: {
                        [key: string]: unknown;
                    };
                    before: {
                        /** @enum {string} */
                        effect: "allow" | "deny";
                        policies: string[];
                        obligations: string[];
                    };
                    after: {
                        /** @enum {string} */
                        effect: "allow" | "deny";
                        policies: string[];
                        obligations: string[];
                    };
                }[];
            };
            unreachable: string[];
            shadowed: {
                permit: string;
                by: string[];
            }[];
            contradicting: {
                permit: string;
                forbid: string;
            }[];
            unread: string[];
        };
        ChangedDecision: {
            id: string;
            /** Format: date-time */
            at: string;
            /** @enum {string} */
            action: "route" | "tool" | "model" | "agent" | "capsule";
            resource: string;
            subject: string;
            standsFor: number;
            was: {
                /** @enum {string} */
                effect: "allow" | "deny";
                obligations: string[];
                policies: string[];
            };
            would: {
                /** @enum {string} */
                effect: "allow" | "deny";
                obligations: string[];
                policies: string[];
            };
        };
        /**
         * @example {
         *       "days": 7
         *     }
         */
        PolicyDryRun: {
            /** @default 7 */
            days?: number;
            cursor?: string;
        };
        KillSwitch: {
            /** @example ksw_01KAJ2M3N4P5Q6R7S8T9V0W1X2 */
            id: string;
            /** @enum {string} */
            state: "thrown" | "release-asked" | "released";
            /** @enum {string} */
            scope: "everything" | "tenant" | "agent" | "capsule" | "tool" | "model";
            /** @example http.fetch */
            target?: string;
            /** @description Recorded and announced; it stops nothing. */
            drill: boolean;
            /** @example The tool answers with another customer's data. */
            reason: string;
            /** Format: date-time */
            thrownAt: string;
            thrownBy: string;
            /** @description An operator has thrown it, and only an operator releases it. */
            isOperators: boolean;
            releaseAskedBy?: string;
            /**
             * Format: date-time
             * @description Until then another person can confirm the release.
             */
            confirmBefore?: string;
            /** Format: date-time */
            releasedAt?: string;
            releasedBy?: string;
        };
        KillSwitchOrder: {
            /**
             * @example tool
             * @enum {string}
             */
            scope: "everything" | "tenant" | "agent" | "capsule" | "tool" | "model";
            /**
             * @description The name of the agent, capsule, tool or model; for an operator with the scope `tenant`, the tenant's id.
             * @example http.fetch
             */
            target?: string;
            /** @example The tool answers with another customer's data. */
            reason: string;
            /**
             * @description Record and announce it, and stop nothing.
             * @default false
             */
            drill?: boolean;
        };
        KillSwitchRules: {
            /** @enum {string} */
            release: "one-person" | "two-people";
            requestMinutes: number;
        };
        NewKillSwitchRules: {
            /** @enum {string} */
            release: "one-person" | "two-people";
            requestMinutes: number;
        };
        /** @description What is known of a secret; its value is never shown. */
        Secret: {
            /** @example github-token */
            name: string;
            version: number;
            /** @description The hosts that tools may send it to. */
            hosts: string[];
            createdBy: string;
            /** Format: date-time */
            createdAt: string;
        };
        NewSecret: {
            /** @example ghp_… */
            value: string;
            /**
             * @description The hosts, with a port where it is not the usual one, that tools may send it to.
             * @default []
             * @example [
             *       "api.github.com"
             *     ]
             */
            hosts?: string[];
        };
        SecretKeyRotation: {
            dataKey: number;
            resealed: number;
            isDone: boolean;
        };
        MasterKeyRewrap: {
            masterKey: string;
            rewrapped: number;
            left: number;
        };
        Capabilities: {
            items: {
                /** @example sessions.read */
                name: string;
                description: string;
                /**
                 * @example [
                 *       "GET /v1/sessions"
                 *     ]
                 */
                routes: string[];
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ok";
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each part answered. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {string} */
                        status: "ready";
                        parts: string[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: string;
                        environment: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createToken: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TokenRequest"];
            };
        };
        responses: {
            /** @description A token with no more capabilities than the credential. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateSigningKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The id of the new key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readJwks: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK set (RFC 7517). */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOAuthClients: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of clients, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["OAuthClient"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createOAuthClient: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OAuthClientRequest"];
            };
        };
        responses: {
            /** @description The client; its secret, if it has one, is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewOAuthClient"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOAuthClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthClient"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateOAuthClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OAuthClientRequest"];
            };
        };
        responses: {
            /** @description The client as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OAuthClient"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteOAuthClient: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The client gets no more tokens, and those that it has are refused within two seconds everywhere. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateOAuthClientSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecretRotation"];
            };
        };
        responses: {
            /** @description The client with its new secret, which is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewOAuthClient"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTenants: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tenants. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Tenant"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTenant"];
            };
        };
        responses: {
            /** @description The tenant and its first key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        tenant: components["schemas"]["Tenant"];
                        apiKey: components["schemas"]["NewApiKey"];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCurrentTenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateCurrentTenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantChange"];
            };
        };
        responses: {
            /** @description The tenant as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    suspendTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant as it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant as it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closeTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tenant as it stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setTenantDomains: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantDomains"];
            };
        };
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantDomains"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of keys, without their secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyRequest"];
            };
        };
        responses: {
            /** @description The key; its secret is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApiKeyRotation"];
            };
        };
        responses: {
            /** @description The new key; its secret is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key opens nothing any more, and neither do the tokens made from it; every location knows within two seconds. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listUsers: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
                /** @description The one with this address. */
                email?: string;
                /** @description Those whose address or name begins so. */
                search?: string;
                active?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["User"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUser: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewUser"];
            };
        };
        responses: {
            /** @description The user. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The user, its groups, and what its roles and theirs come to. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserWithGrants"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone; what it did stays in the audit log under its id. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UserChange"];
            };
        };
        responses: {
            /** @description The user as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setUserRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleSet"];
            };
        };
        responses: {
            /** @description The user as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["User"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inviteUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A letter with a link is on its way; links sent before open nothing any more. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetUserPassword: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A letter with a link is on its way; links sent before open nothing any more. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signOutUser: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everywhere within two seconds. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroups: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of groups. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Group"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createGroup: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewGroup"];
            };
        };
        responses: {
            /** @description The group, without members and roles. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The group. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateGroup: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GroupChange"];
            };
        };
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setGroupRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleSet"];
            };
        };
        responses: {
            /** @description The group as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Group"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGroupMembers: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of users. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["GroupMember"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addGroupMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is so. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeGroupMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                user: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is so. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRoles: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Role"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The role. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleDefinition"];
            };
        };
        responses: {
            /** @description The role. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Role"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteRole: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listServiceAccounts: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ServiceAccount"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createServiceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewServiceAccount"];
            };
        };
        responses: {
            /** @description The account. It gets in by keys: POST /v1/api-keys with `serviceAccount`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readServiceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteServiceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Everywhere within two seconds. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateServiceAccount: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServiceAccountChange"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setServiceAccountRoles: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RoleSet"];
            };
        };
        responses: {
            /** @description The account as it is now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ServiceAccount"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listNotifications: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of letters. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Notification"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAccount: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Account"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSignIns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that stand. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SignIn"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSignIns: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Also the one this was asked with, within two seconds. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endSignIn: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It and the tokens issued by it open nothing any more, everywhere within two seconds. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listFederationIssuers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them: a tenant has twenty at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["FederationIssuer"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createFederationIssuer: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FederationIssuerRequest"];
            };
        };
        responses: {
            /** @description The issuer, and what to register there. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FederationIssuer"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFederationIssuer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The issuer; its status says when it was last read and what went wrong last. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FederationIssuer"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateFederationIssuer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FederationIssuerRequest"];
            };
        };
        responses: {
            /** @description The issuer as it is now; every location knows within 15 seconds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FederationIssuer"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteFederationIssuer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its tokens open nothing any more; every location knows within 15 seconds. Users that came by it stay. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testFederationIssuer: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The issuer; its status says what it answered, or why that is not taken. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FederationIssuer"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readFederationClientKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                client: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A JWK set (RFC 7517) of one public key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        keys: {
                            [key: string]: unknown;
                        }[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSecondFactors: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What there is; nothing for a program, which has no factors. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecondFactors"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    enrolAuthenticator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The secret, shown this once; it proves nothing until a code of it is confirmed. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuthenticatorEnrolment"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeAuthenticator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It proves nothing any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    confirmAuthenticator: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AuthenticatorConfirmation"];
            };
        };
        responses: {
            /** @description Codes for who loses the app, shown this once; those before them open nothing any more. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecoveryCodes"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRecoveryCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ten codes, shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        recoveryCodes: string[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPasskeyOptions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What to ask the browser. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    registerPasskey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyRegistration"];
            };
        };
        responses: {
            /** @description The passkey. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Passkey"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deletePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It proves nothing any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    renamePasskey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasskeyName"];
            };
        };
        responses: {
            /** @description It has the name. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPasskeyChallenge: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What to ask the browser. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyOptions"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verifySecondFactor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SecondFactorVerification"];
            };
        };
        responses: {
            /** @description A stepped-up token. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accessToken: string;
                        /** @enum {string} */
                        tokenType: "Bearer";
                        expiresIn: number;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of sessions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["SessionSummary"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSession"];
            };
        };
        responses: {
            /** @description The session. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Message"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description The turn, as it happens. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The turn has begun. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        turn: string;
                        seq: number;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSessionEvents: {
        parameters: {
            query?: {
                /** @description Number of the last event you have; `Last-Event-ID` says the same. */
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events: as a stream that goes on (`text/event-stream`), or as a page when JSON is asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                    "application/json": {
                        items: components["schemas"]["Event"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalDecision"];
            };
        };
        responses: {
            /** @description The turn goes on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    closeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session, closed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    startTraining: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session, in training mode. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    endTraining: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session, in everyday mode. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runSessionAgUi: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunAgentInput"];
            };
        };
        responses: {
            /** @description AG-UI 1.0 events, until the turn or run has ended or waits for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendSessionUiMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UiMessageInput"];
            };
        };
        responses: {
            /** @description The AI SDK's UI message stream, version 1, until the turn or run has ended or waits for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeSessionUiMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                chat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The AI SDK's UI message stream, version 1, until the turn or run has ended or waits for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Nothing goes on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProjects: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of projects. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ProjectSummary"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createProject: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProject"];
            };
        };
        responses: {
            /** @description The project. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readProjectEvents: {
        parameters: {
            query?: {
                /** @description Number of the last event you have; `Last-Event-ID` says the same. */
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events: as a stream that goes on (`text/event-stream`), or as a page when JSON is asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                    "application/json": {
                        items: components["schemas"]["Event"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTasks: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of tasks. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Task"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answerQuestions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Answer"];
            };
        };
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    decideGate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GateDecision"];
            };
        };
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    amendProject: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Amendment"];
            };
        };
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setProjectBudget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProjectBudget"];
            };
        };
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answerTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TaskAnswer"];
            };
        };
        responses: {
            /** @description The project as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Project"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliverables: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of the files, with their hashes; `manifest.json` names all of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Deliverable"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDeliverable: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file, always as a download. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readProvenance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The statement. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/vnd.in-toto+json": components["schemas"]["ProvenanceStatement"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReviews: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of open gates. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WaitingReview"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readReview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The review. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewDocument"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readProjectSummary: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The sums. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectsSummary"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listProjectMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ProjectMessage"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    postProjectMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProjectMessage"];
            };
        };
        responses: {
            /** @description The message. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectMessage"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    routeRequest: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRoute"];
            };
        };
        responses: {
            /** @description How it would be run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Route"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forkRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunFork"];
            };
        };
        responses: {
            /** @description The new run. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayedGraph"];
            };
        };
        responses: {
            /** @description What would differ. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunReplay"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dryRunGraph: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DryRun"];
            };
        };
        responses: {
            /** @description What would happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRunResult"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listRuns: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
                state?: "running" | "waiting" | "paused" | "cancelling" | "compensating" | "completed" | "failed" | "cancelled";
                template?: string;
                schedule?: string;
                parent?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of runs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RunSummary"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createRun: {
        parameters: {
            query?: never;
            header?: {
                prefer?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewRun"];
            };
        };
        responses: {
            /** @description The run. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readRunGraph: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of steps. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["RunStep"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readRunEvents: {
        parameters: {
            query?: {
                /** @description Number of the last event you have; `Last-Event-ID` says the same. */
                after?: number | null;
                limit?: number;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The events: as a stream that goes on (`text/event-stream`), or as a page when JSON is asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                    "application/json": {
                        items: components["schemas"]["Event"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signalRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunPayload"];
            };
        };
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    queryRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer, over where the run stands now. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RunAnswerToQuery"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunPayload"];
            };
        };
        responses: {
            /** @description The run, which has the new value. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run, paused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelRun: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RunCancellation"];
            };
        };
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answerRunStep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunAnswer"];
            };
        };
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryRunStep: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                step: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The run. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Run"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    importTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewImport"];
            };
        };
        responses: {
            /** @description What became of the files. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Import"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplates: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of templates. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Template"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The template. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Template"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplateVersions: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["TemplateVersionSummary"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readTemplateVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffTemplateVersions: {
        parameters: {
            query?: {
                /** @description The version before `to` when left out. */
                from?: number;
                /** @description The newest when left out. */
                to?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How they differ. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateDiff"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportTemplate: {
        parameters: {
            query?: {
                format?: "yaml" | "json" | "agent-spec" | "agent-spec-yaml";
                /** @description The newest when left out. */
                version?: number;
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                    "application/json": {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of schedules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScheduleSummary"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSchedule"];
            };
        };
        responses: {
            /** @description The schedule, with its next ten times. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SchedulePatch"];
            };
        };
        responses: {
            /** @description The schedule, changed. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    pauseSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, paused. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    runSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schedule, with the new run. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Schedule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followRunAgUi: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RunAgentInput"];
            };
        };
        responses: {
            /** @description AG-UI 1.0 events, until the turn or run has ended or waits for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    followRunUiMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UiMessageInput"];
            };
        };
        responses: {
            /** @description The AI SDK's UI message stream, version 1, until the turn or run has ended or waits for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resumeRunUiMessages: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                chat: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The AI SDK's UI message stream, version 1, until the turn or run has ended or waits for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description It is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listArtifacts: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of files. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Artifact"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createArtifact: {
        parameters: {
            query: {
                name: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": string;
            };
        };
        responses: {
            /** @description The stored file. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file's description. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Artifact"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteArtifact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readArtifactContent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, always as a download. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description The copy you have is current. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCapsules: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of capsules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Capsule"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readCapsule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                version: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The capsule. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishCapsule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CapsuleManifest"];
            };
        };
        responses: {
            /** @description The capsule. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capsule"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTools: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them, by id. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Tool"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readTool: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The tool. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tool"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remember: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example Reports go to Ada on the first Monday of the month. */
                    text: string;
                    /**
                     * @description What it is about; a later memory about the same replaces this one.
                     * @example recipient of reports
                     */
                    about?: string;
                    /**
                     * @description The memory that this one replaces.
                     * @example mem_01KAJ2M3N4P5Q6R7S8T9V0W1X2
                     */
                    corrects?: string;
                };
            };
        };
        responses: {
            /** @description It is remembered. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        memory: components["schemas"]["Memory"];
                        /** @enum {string} */
                        outcome: "stored" | "merged" | "corrected";
                        /** @description Ids of the memories that it replaced. */
                        replaced: string[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    recall: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @example Who gets the reports? */
                    query: string;
                    /** @default 8 */
                    limit?: number;
                };
            };
        };
        responses: {
            /** @description What was found. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            memory: components["schemas"]["Memory"];
                            /** @description Comparable within one answer only. */
                            score: number;
                        }[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMemories: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of memories. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Memory"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readMemory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The memory. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Memory"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteMemory: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Nothing of it is left. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBudgets: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them: a tenant has few. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Budget"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createBudget: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewBudget"];
            };
        };
        responses: {
            /** @description The budget. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readBudget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its lines, what is spent, and what running work holds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setBudget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BudgetLines"];
            };
        };
        responses: {
            /** @description The budget with its new lines. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Budget"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteBudget: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It counts nothing any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listBudgetReservations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Those that end first, 200 at most. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["BudgetReservation"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What is in force. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Constitution"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readConstitutionDocument: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sha256: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Markdown. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/markdown": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConstitutionVersions: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ConstitutionVersion"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    draftConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConstitutionVersion"];
            };
        };
        responses: {
            /** @description The draft. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readConstitutionVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redraftConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConstitutionVersion"];
            };
        };
        responses: {
            /** @description The draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    discardConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It cannot come into force any more. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffConstitution: {
        parameters: {
            query?: {
                /** @description Another version; the one in force when left out. */
                against?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The difference. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionDiff"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    approveConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConstitutionApproval"];
            };
        };
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    withdrawConstitutionApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    activateConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConstitutionActivation"];
            };
        };
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBackConstitution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConstitutionRollback"];
            };
        };
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConstitutionVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listOverlays: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The overlays. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Overlay"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setOverlay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["OverlaySwitch"];
            };
        };
        responses: {
            /** @description The overlay. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Overlay"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readOverlayCoverage: {
        parameters: {
            query?: {
                form?: "json" | "markdown";
            };
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The report. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverlayCoverage"];
                    "text/markdown": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditEvents: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
                /** @description Of this session, project or change only. */
                object?: string;
                type?: string;
                /** @description Subject that did it. */
                actor?: string;
                action?: string;
                /** @description Id of what it was done to. */
                resource?: string;
                outcome?: "done" | "failed" | "denied" | "refused" | "unknown";
                from?: string;
                to?: string;
                /** @description What happened in training mode only, or outside it only. */
                training?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEvent"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    eraseAuditPayloads: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    object: string;
                    /**
                     * @example [
                     *       7
                     *     ]
                     */
                    seqs: number[];
                };
            };
        };
        responses: {
            /** @description How many were erased; those that had been before count again. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditErasure"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readAuditLog: {
        parameters: {
            query?: {
                /** @description Sign a checkpoint over everything first; else one is at most some seconds old. */
                current?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLog"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    publishAuditLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    isPublished: boolean;
                };
            };
        };
        responses: {
            /** @description The log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLog"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proveAuditInclusion: {
        parameters: {
            query: {
                object: string;
                seq: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The record behind the leaf, and its path to the checkpoint's root. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditInclusion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    proveAuditConsistency: {
        parameters: {
            query: {
                from: number;
                to: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The proof. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditConsistency"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAuditRecords: {
        parameters: {
            query?: {
                /** @description Index of the first. */
                from?: number | null;
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of records. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditRecords"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cosignAuditLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description Size of the checkpoint that was signed. */
                    size: number;
                    /** @description The witness's verifier key (C2SP signed-note vkey, type 0x04). */
                    witness: string;
                    /** @description Its line: `— name base64`. */
                    cosignature: string;
                };
            };
        };
        responses: {
            /** @description The log. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditLog"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeadLetters: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of messages. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["DeadLetter"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    redriveDeadLetter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is on its way. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetter"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPolicySchema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The schema, in Cedar's own form. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    validatePolicies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyText"];
            };
        };
        responses: {
            /** @description What the text holds. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        policies: {
                            id: string;
                            /** @enum {string} */
                            effect: "permit" | "forbid";
                            actions: ("route" | "tool" | "model" | "agent" | "capsule")[];
                            obligations: string[];
                            reads: string[];
                            line: number;
                            column: number;
                        }[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testPolicies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyTest"];
            };
        };
        responses: {
            /** @description What came of each case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        passed: number;
                        failed: number;
                        cases: components["schemas"]["PolicyCaseOutcome"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    evaluatePolicies: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyEvaluation"];
            };
        };
        responses: {
            /** @description An answer to each, in order. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        answers: components["schemas"]["PolicyAnswer"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPermissions: {
        parameters: {
            query?: {
                /** @description A user's or service account's id, or role:admin, role:member, role:viewer; oneself when left out. */
                principal?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Each with its decision. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        principal: {
                            subject: string;
                            kind: string;
                            roles: string[];
                            groups: string[];
                        };
                        items: {
                            /** @enum {string} */
                            action: "route" | "tool" | "model" | "agent" | "capsule";
                            name: string;
                            /** @enum {string} */
                            effect: "allow" | "deny";
                            obligations: string[];
                            policies: string[];
                            reason: string;
                        }[];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPolicyDecisions: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
                effect?: "allow" | "deny";
                action?: "route" | "tool" | "model" | "agent" | "capsule";
                subject?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of decisions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PolicyDecision"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readDecisionLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionLogSettings"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setDecisionLog: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DecisionLogSettings"];
            };
        };
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionLogSettings"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listPolicyVersions: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of versions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["PolicyVersion"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createPolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyTexts"];
            };
        };
        responses: {
            /** @description The draft. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readPolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersionWithTexts"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    editPolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyTexts"];
            };
        };
        responses: {
            /** @description The draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    diffPolicyVersion: {
        parameters: {
            query?: {
                /** @description The version in force, when left out. */
                from?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A unified diff; empty where they are the same. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        from?: string;
                        to: string;
                        diff: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testPolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What came of each case. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: components["schemas"]["PolicyVersion"];
                        cases: components["schemas"]["PolicyCaseOutcome"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    analysePolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The analysis. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: components["schemas"]["PolicyVersion"];
                        analysis: components["schemas"]["PolicyAnalysis"];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    dryRunPolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PolicyDryRun"];
            };
        };
        responses: {
            /** @description What would be decided otherwise among the decisions of this page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        lookedAt: number;
                        items: components["schemas"]["ChangedDecision"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    activatePolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBackPolicyVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The version that was taken back. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PolicyVersion"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKillSwitches: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
                state?: "thrown" | "released";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of switches. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["KillSwitch"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    throwKillSwitch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["KillSwitchOrder"];
            };
        };
        responses: {
            /** @description It is thrown. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitch"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readKillSwitch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The switch. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitch"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    releaseKillSwitch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is released, or its release is asked for. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitch"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readKillSwitchRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The rules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitchRules"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    setKillSwitchRules: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewKillSwitchRules"];
            };
        };
        responses: {
            /** @description The rules. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KillSwitchRules"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSecrets: {
        parameters: {
            query?: {
                /** @description Where to go on: `nextCursor` of the page before. */
                cursor?: string;
                /** @description Items a page. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page of secrets. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Secret"][];
                        nextCursor?: string;
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Its versions, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @example github-token */
                        name: string;
                        versions: components["schemas"]["Secret"][];
                    };
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSecret"];
            };
        };
        responses: {
            /** @description It is stored. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secret"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateSecretKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretKeyRotation"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rewrapDataKeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description How far it is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MasterKeyRewrap"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listCapabilities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All capabilities. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Capabilities"];
                };
            };
            /** @description The request cannot be served; the problem says why and what to do next. */
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The platform could not serve the request; the problem says whether to try again. */
            "5XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
