package config

import (
	"fmt"
	"reflect"
	"strings"
)

// dump prints a Config for golden files: every stated or default value with
// its place, without secrets.
func dump(c *Config) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s units=%d recognized=%d secrets-read=%v\n", c.Dialect, c.Units, c.Recognized, c.SecretsRead)
	for _, s := range c.Setup {
		fmt.Fprintf(&b, "setup %s=%q word=%v @%d\n", s.Key, s.Value, s.Word, s.At.Line)
	}
	for i := range c.Connections {
		conn := &c.Connections[i]
		fmt.Fprintf(&b, "conn %s @%d loaded=%v passive=%v psk=%v initiates=%v guessed=%v\n", conn.Name, conn.At.Line, conn.Loaded(), conn.Passive(), conn.UsesPSK(), conn.InitiateVersion, conn.SidesGuessed)
		dumpStruct(&b, "  ", reflect.ValueOf(*conn))
		for j := range conn.Children {
			k := &conn.Children[j]
			fmt.Fprintf(&b, "  child %s @%d first-only=%v", k.Name, k.At.Line, k.FirstOnly)
			if k.Routed {
				b.WriteString(" routed")
			}
			b.WriteString("\n")
			dumpStruct(&b, "    ", reflect.ValueOf(*k))
		}
	}
	for i := range c.Secrets {
		e := &c.Secrets[i]
		fmt.Fprintf(&b, "secret %s %q owners=%v text=%q form=%v suspicious=%v file=%q len=%d @%d %v\n",
			e.Kind, e.Name, e.Owners, e.OwnerText, e.Spelling, e.Suspicious, e.File, e.Secret.V.Len(), e.Secret.At.Line, e.Secret.V)
	}
	for _, u := range c.Unknown {
		fmt.Fprintf(&b, "unknown %s.%s=%q word=%v @%d\n", u.Section, u.Key, u.Value, u.Word, u.At.Line)
	}
	for _, r := range c.SectionRefs {
		fmt.Fprintf(&b, "reference %s %s in %q @%d defined=%v @%d\n", r.Kind, r.Name, r.In, r.At.Line, r.Defined, r.Def.Line)
	}
	for _, x := range c.Includes {
		fmt.Fprintf(&b, "include %q @%d read=%v files=%d\n", x.Pattern, x.At.Line, x.Read, x.Files)
	}
	for _, p := range c.Problems {
		fmt.Fprintf(&b, "problem %v\n", p)
	}
	return b.String()
}

func dumpStruct(b *strings.Builder, indent string, v reflect.Value) {
	for i := range v.NumField() {
		name, f := v.Type().Field(i).Name, v.Field(i)
		switch {
		case f.Kind() == reflect.Struct && f.FieldByName("Origin").IsValid():
			dumpValue(b, indent+name, f)
		case name == "Local" || name == "Remote" || name == "Lifetime" || name == "DPD":
			fmt.Fprintf(b, "%s%s\n", indent, name)
			dumpStruct(b, indent+"  ", f)
		case name == "Unknown":
			for _, u := range f.Interface().([]Statement) {
				fmt.Fprintf(b, "%sunknown %s.%s=%q word=%v @%d\n", indent, u.Section, u.Key, u.Value, u.Word, u.At.Line)
			}
		}
	}
}

func dumpValue(b *strings.Builder, name string, f reflect.Value) {
	if f.FieldByName("Origin").Interface().(Origin) == Unset {
		return
	}
	v := f.FieldByName("V").Interface()
	switch x := v.(type) {
	case []Selector:
		var t []string
		for _, s := range x {
			t = append(t, s.Selector.String())
		}
		v = t
	case []Address:
		var t []string
		for _, a := range x {
			t = append(t, fmt.Sprintf("%v:%s allowany=%v", a.Kind, a.Text, a.AllowAny))
		}
		v = t
	case Proposals:
		v = fmt.Sprintf("%q %v defaults=%v strict=%v", x.Text, x.List, x.Defaults, x.Strict)
	}
	fmt.Fprintf(b, "%s = %v (%v %s @%d)\n", name, v, f.FieldByName("Origin").Interface(), f.FieldByName("Key").Interface(), f.FieldByName("At").FieldByName("Line").Interface())
}
