package notice

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Leaf is one thing said in a structure, whatever its type: what it is called (the JSON
// names on the way to it), what is said, and where.
type Leaf struct {
	Name string
	Text string
	At   Path
}

// Leaves lists all that is said in a value of the types of this package, in the order of its
// fields and lists, except in the fields named; the id of something in a list is no more than its name there. It is how what has no row of its own is shown and compared
// all the same: a field that is new here is seen at once.
func Leaves(v any, except ...string) []Leaf {
	var list []Leaf
	top := reflect.Indirect(reflect.ValueOf(v))
	if top.Kind() != reflect.Struct || len(except) == 0 {
		leaves(top, nil, &list)
		return list
	}
	for i := range top.NumField() {
		if f := top.Type().Field(i); f.IsExported() && !slices.Contains(except, f.Name) {
			leaves(top.Field(i), named(f, nil), &list)
		}
	}
	return list
}

// named adds a field's JSON name to the names on the way to it; an embedded field has none.
func named(f reflect.StructField, names []string) []string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if f.Anonymous || name == "" {
		return names
	}
	return append(slices.Clip(names), name)
}

func leaves(v reflect.Value, names []string, list *[]Leaf) {
	switch x := v.Interface().(type) {
	case Value:
		if text := x.Words(); text != "" {
			*list = append(*list, Leaf{Label(names...), text, x.At()})
		}
		return
	case Path:
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			leaves(v.Elem(), names, list)
		}
	case reflect.Slice:
		for i := range v.Len() {
			first := len(*list)
			leaves(v.Index(i), names, list)
			placed((*list)[first:])
		}
	case reflect.Struct:
		if at := v.FieldByName("At"); at.IsValid() && v.FieldByName("Value").IsValid() && at.Type() == reflect.TypeFor[Path]() {
			at := at.Interface().(Path)
			if at.Pointer == "" {
				return
			}
			said := v.FieldByName("Value")
			if text, ok := leafText(said); ok {
				*list = append(*list, Leaf{Label(names...), text, at})
				return
			}
			leaves(said, names, list)
			return
		}
		for i := range v.NumField() {
			if f := v.Type().Field(i); f.IsExported() && (f.Name != "ID" || f.Type.Kind() != reflect.String) {
				leaves(v.Field(i), named(f, names), list)
			}
		}
	default:
		if text, ok := leafText(v); ok && !v.IsZero() {
			*list = append(*list, Leaf{Name: Label(names...), Text: text})
		}
	}
}

// placed gives what has no place of its own that of what stands beside it.
func placed(list []Leaf) {
	var at Path
	for _, leaf := range list {
		if at = leaf.At; at.Pointer != "" {
			break
		}
	}
	for i := range list {
		if list[i].At.Pointer == "" {
			list[i].At = at
		}
	}
}

// leafText writes what is one thing to a reader.
func leafText(v reflect.Value) (string, bool) {
	switch x := v.Interface().(type) {
	case Moment:
		return x.Words(), true
	case Place:
		if x.Region != "" {
			return x.Region.Label(), true
		}
		return x.Text, true
	case bool:
		if x {
			return "yes", true
		}
		return "no", true
	case fmt.Stringer:
		return x.String(), true
	}
	switch v.Kind() {
	case reflect.String, reflect.Int, reflect.Int64, reflect.Uint32:
		return fmt.Sprint(v.Interface()), true
	}
	return "", false
}

// Label is JSON names and codes as words: "submission, valid days", "regional authority" for REGIONAL_AUTHORITY.
func Label(names ...string) string {
	var b strings.Builder
	for i, name := range names {
		if i > 0 {
			b.WriteString(", ")
		}
		small := false // the letter before
		for _, r := range name {
			if r == '_' {
				r = ' '
			}
			if unicode.IsUpper(r) && small {
				b.WriteByte(' ')
			}
			small = unicode.IsLower(r)
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}

// At is the place that says an amount of the value; of several the first of net, gross, least and yearly.
func (v Value) At() Path {
	for _, s := range []Said[Pence]{v.Net, v.Gross, v.Min, v.PerYear} {
		if s.Known() {
			return s.At
		}
	}
	return v.Currency.At
}
