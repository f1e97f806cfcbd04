package web

import _ "embed"

// openAPI is the OpenAPI 3.1 document of the API. TestOpenAPI holds it against operations and the types of the answers, and writes it anew
// with -update: the texts in it are those of the sources, which a binary does not have.
//
//go:embed openapi.json
var openAPI []byte
