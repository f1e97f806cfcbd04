package web

import (
	"reflect"
	"slices"
	"strings"
)

// jsonField is a member of an object as the JSON of a struct has it.
type jsonField struct {
	name     string
	optional bool // it is left out where there is nothing to say
	field    reflect.StructField
	owner    reflect.Type // the struct that declares it
}

// fieldsOf are the members that a struct has in JSON, in order: those of an embedded struct without a name are its own.
func fieldsOf(t reflect.Type) []jsonField {
	var list []jsonField
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		embedded := f.Type
		if embedded.Kind() == reflect.Pointer {
			embedded = embedded.Elem()
		}
		switch {
		case name == "-":
		case f.Anonymous && name == "" && embedded.Kind() == reflect.Struct:
			for _, x := range fieldsOf(embedded) {
				if !slices.ContainsFunc(list, func(y jsonField) bool { return y.name == x.name }) {
					list = append(list, x)
				}
			}
		case f.IsExported():
			if name == "" {
				name = f.Name
			}
			x := jsonField{name, strings.Contains(options, "omit"), f, t}
			// What a struct says itself goes before what is embedded in it.
			if at := slices.IndexFunc(list, func(y jsonField) bool { return y.name == name }); at >= 0 {
				list[at] = x
				continue
			}
			list = append(list, x)
		}
	}
	return list
}
