package profiles

// A node is one value of a YAML or JSON text, as it was written.
type node struct {
	kind kind
	// text is the content of a quoted or block text, or the letters of a bare literal.
	text   string
	fields []field
	items  []*node
	place
}

// place is where something stands in a file; both count from 1.
type place struct{ line, column int }

// field is one entry of a mapping.
type field struct{ key, value *node }

// kind is what a node is written as. Whether bare letters are text, a number or
// a truth value is for the reader to say, who knows the field.
type kind string

const (
	mapping kind = "a mapping"
	list    kind = "a list"
	text    kind = "text"
	bare    kind = "a literal"
	null    kind = "nothing"
	tangle  kind = "something nested too deep or not of this kind"
)

// maxDepth bounds nesting: a list of profiles, a profile, its buyers, their list is 4.
const maxDepth = 8

// maxFields bounds the fields of one mapping, of which a profile has 18.
const maxFields = 64

const tooMany = "here stand more fields than a profile ever has; put each profile behind a dash or a line ---"

const tooDeep = "nested deeper than a profile ever is; check the brackets and the indentation"
