"""Reads {"token", "keys", "issuer"} from standard input and checks the token as RFC 9068 tells, by authlib."""

import json
import sys

from authlib.jose import JsonWebKey, JsonWebToken

given = json.load(sys.stdin)
keys = JsonWebKey.import_key_set(given["keys"])
options = {
    "iss": {"essential": True, "value": given["issuer"]},
    "aud": {"essential": True, "value": given["issuer"]},
    "exp": {"essential": True},
    "sub": {"essential": True},
    "client_id": {"essential": True},
    "jti": {"essential": True},
}
claims = JsonWebToken(["ES256"]).decode(given["token"], keys, claims_options=options)
if claims.header.get("typ") != "at+jwt":
    sys.exit("not an access token: typ is %r" % claims.header.get("typ"))
claims.validate()
print(json.dumps({"sub": claims["sub"], "scope": claims["scope"], "alg": claims.header["alg"]}))
