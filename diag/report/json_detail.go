package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/ikediag/ikediag/diag"
)

// A value is one of JSON that keeps the order of its fields and the spelling
// of its numbers: nil, bool, json.Number, safe, []value or object.
type value any

type object []field

type field struct {
	name  safe
	value value
}

// get returns the value of a field, nil where there is none.
func (o object) get(n safe) value {
	for _, f := range o {
		if f.name == n {
			return f.value
		}
	}
	return nil
}

// decodeDetail returns a finding's detail as its type encodes itself, with
// its strings cleaned and the gateways named as the report names them. A
// detail that cannot be encoded shows its type only: the report is worth more
// than one detail. Nil where the finding has none.
func (v *resolver) decodeDetail(d diag.Detail) object {
	if r := reflect.ValueOf(d); !r.IsValid() || r.Kind() == reflect.Pointer && r.IsNil() {
		return nil
	}
	o := object{{"type", name(d.DetailType())}}
	b, err := json.Marshal(d)
	if err != nil {
		return append(o, field{"error", safe("cannot be encoded")})
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	x, err := v.decode(dec, "")
	if err != nil {
		return append(o, field{"error", safe("cannot be encoded")})
	}
	fs, ok := fillArrays(reflect.ValueOf(d), x).(object)
	if !ok {
		return append(o, field{"value", x})
	}
	switch d.(type) {
	case diag.ProposalMismatch, *diag.ProposalMismatch:
		for _, f := range fs {
			if list, ok := f.value.([]value); ok {
				fillProposals(list)
			}
		}
	}
	return append(o, slices.DeleteFunc(fs, func(f field) bool { return f.name == "type" })...)
}

// decode reads one value. under is the name of the field that it is of.
func (v *resolver) decode(dec *json.Decoder, under safe) (value, error) {
	t, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch t := t.(type) {
	case string:
		if under == "gateway" {
			if id := v.gateway(t); id != "" {
				return name(id), nil
			}
		}
		return name(t), nil
	case json.Delim:
		if t == '[' {
			list := []value{}
			for dec.More() {
				x, err := v.decode(dec, under)
				if err != nil {
					return nil, err
				}
				list = append(list, x)
			}
			_, err := dec.Token()
			return list, err
		}
		o := object{}
		for dec.More() {
			k, err := dec.Token()
			if err != nil {
				return nil, err
			}
			n, _ := k.(string)
			x, err := v.decode(dec, name(n))
			if err != nil {
				return nil, err
			}
			o = append(o, field{name(n), x})
		}
		_, err := dec.Token()
		return o, err
	}
	return t, nil
}

// fillArrays writes [] where encoding/json wrote null for a nil slice, in
// structures and lists of structures. What encodes itself is left as it is.
func fillArrays(r reflect.Value, x value) value {
	for r.Kind() == reflect.Pointer || r.Kind() == reflect.Interface {
		if r.IsNil() {
			return x
		}
		r = r.Elem()
	}
	if !r.IsValid() {
		return x
	}
	if _, own := r.Interface().(json.Marshaler); own {
		return x
	}
	switch r.Kind() {
	case reflect.Slice:
		if x == nil && r.Type().Elem() != reflect.TypeFor[byte]() { // bytes are text
			return []value{}
		}
		if list, ok := x.([]value); ok && len(list) == r.Len() {
			for i := range list {
				list[i] = fillArrays(r.Index(i), list[i])
			}
		}
	case reflect.Struct:
		o, ok := x.(object)
		if !ok {
			return x
		}
		for i := range r.NumField() {
			f := r.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			n, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if n == "" {
				n = f.Name
			}
			for j := range o {
				if o[j].name == name(n) {
					o[j].value = fillArrays(r.Field(i), o[j].value)
				}
			}
		}
	}
	return x
}

// fillProposals puts into each proposal the fields that the schema fixes and
// that the proposal does not state.
func fillProposals(list []value) {
	for i, x := range list {
		p, ok := x.(object)
		if !ok {
			continue
		}
		var full object
		for _, n := range []safe{"text", "encryption", "key_length", "hash", "group", "auth"} {
			v := p.get(n)
			switch {
			case v != nil:
			case n == "key_length":
				v = json.Number("0")
			default:
				v = safe("")
			}
			full = append(full, field{n, v})
		}
		for _, f := range p {
			if full.get(f.name) == nil {
				full = append(full, f)
			}
		}
		list[i] = full
	}
}

// detail encodes a finding's detail: null where it has none.
func (v *resolver) detail(d diag.Detail) json.RawMessage {
	o := v.decodeDetail(d)
	if o == nil {
		return json.RawMessage("null")
	}
	return appendValue(nil, o)
}

func appendValue(dst []byte, x value) []byte {
	switch x := x.(type) {
	case object:
		dst = append(dst, '{')
		for i, f := range x {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(append(appendString(dst, f.name), ':'), f.value)
		}
		return append(dst, '}')
	case []value:
		dst = append(dst, '[')
		for i, y := range x {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendValue(dst, y)
		}
		return append(dst, ']')
	case safe:
		return appendString(dst, x)
	case json.Number:
		return append(dst, x...)
	case bool:
		if x {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	}
	return append(dst, "null"...)
}

// appendString quotes a cleaned text: of what JSON escapes, cleaning leaves
// the quote and the backslash.
func appendString(dst []byte, s safe) []byte {
	dst = append(dst, '"')
	for i := 0; i < len(s); i++ {
		if s[i] == '"' || s[i] == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, s[i])
	}
	return append(dst, '"')
}
