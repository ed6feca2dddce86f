package isakmp

import (
	"bytes"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what fixtures decode to into the fixtures")

// opaqueTypes are the payload types that are kept by name only.
var opaqueTypes = map[PayloadType]bool{PayloadSAK: true, PayloadSAT: true, PayloadKD: true, PayloadSequence: true, PayloadPOP: true, PayloadGAP: true}

// TestPayloadFixtures decodes the payloads under testdata/payload. A fixture
// has comments, a type, a body in hexadecimal, and behind an empty line what
// the body must decode to. -update writes that.
func TestPayloadFixtures(t *testing.T) {
	files, err := filepath.Glob("testdata/payload/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[PayloadType]bool{}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			in, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			head, want, _ := strings.Cut(string(in), "\n\n")
			var typ int
			var digits string
			for _, line := range strings.Split(head, "\n") {
				switch f := strings.Fields(line); f[0] {
				case "type":
					typ, err = strconv.Atoi(f[1])
				case "body":
					digits += strings.Join(f[1:], "")
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			body, err := hex.DecodeString(digits)
			if err != nil {
				t.Fatal(err)
			}
			v, err := decodeBody(PayloadType(typ), body)
			if err != nil || v == nil {
				t.Fatalf("%v: %v", PayloadType(typ), err)
			}
			seen[PayloadType(typ)] = true
			if again, err := v.AppendBinary(nil); err != nil || !bytes.Equal(again, body) {
				t.Errorf("encoded %x (%v)", again, err)
			}
			if got := dump(v); got != want {
				if !*update {
					t.Fatalf("decoded\n%snot\n%s", got, want)
				}
				if err := os.WriteFile(file, []byte(head+"\n\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	for i := range 256 {
		pt := PayloadType(i)
		v, _ := decodeBody(pt, make([]byte, 16))
		named := pt != PayloadNone && pt != PayloadProposal && pt != PayloadTransform && pt < 128 && !strings.HasPrefix(pt.String(), "PayloadType(")
		if v == nil && named && pt < 33 && !opaqueTypes[pt] {
			t.Errorf("%v has no type of its own, and is not in opaqueTypes", pt)
		}
		if v != nil && !seen[pt] {
			t.Errorf("%v has no fixture", pt)
		}
	}
}

// dump writes the fields of a value, one a line.
func dump(v any) string {
	var b strings.Builder
	dumpValue(&b, "", reflect.Indirect(reflect.ValueOf(v)))
	if s, ok := v.(fmt.Stringer); ok {
		fmt.Fprintf(&b, "= %s\n", s)
	}
	if n, ok := v.(*Notify); ok {
		if seq, ok := n.DPDSequence(); ok {
			fmt.Fprintf(&b, "= sequence %d\n", seq)
		}
		if i, r, ok := n.Cookies(); ok {
			fmt.Fprintf(&b, "= cookies %v %v\n", i, r)
		}
		if on, ok := n.ReplayDetection(); ok {
			fmt.Fprintf(&b, "= replay detection %v\n", on)
		}
		if life, ok := n.Lifetime(); ok {
			for a := range life.All() {
				n, _ := a.Uint()
				fmt.Fprintf(&b, "= %v %d\n", IPsecAttribute(a.Class), n)
			}
		}
	}
	return b.String()
}

func dumpValue(b *strings.Builder, name string, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[Attributes]():
		a := v.Interface().(Attributes)
		for x := range a.All() {
			fmt.Fprintf(b, "%s %v short=%v %x\n", name, ConfigAttribute(x.Class), x.Short, x.Value)
		}
	case v.Type() == reflect.TypeFor[Attribute]():
		a := v.Interface().(Attribute)
		fmt.Fprintf(b, "%s class %d short=%v %x\n", name, a.Class, a.Short, a.Value)
	case v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8:
		fmt.Fprintf(b, "%s %x\n", name, v.Bytes())
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			dumpValue(b, fmt.Sprintf("%s[%d]", name, i), v.Index(i))
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			dumpValue(b, strings.TrimPrefix(name+"."+v.Type().Field(i).Name, "."), v.Field(i))
		}
	default:
		fmt.Fprintf(b, "%s %v\n", name, v.Interface())
	}
}
