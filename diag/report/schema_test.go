package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// A validator checks documents against the schemas. It knows the keywords
// that they use and refuses others, so that none is silently without effect.
// It is stricter than the schemas are for consumers: an enumeration's value
// must be listed, and a field must be described.
type validator struct {
	files map[string]map[string]any
	errs  []string
}

func newValidator(t testing.TB) *validator {
	v := &validator{files: map[string]map[string]any{}}
	for name, b := range map[string][]byte{"ikediag.report.v1.json": report.Schema(), "ikediag.change.v1.json": report.ChangeSchema()} {
		var s map[string]any
		if err := json.Unmarshal(b, &s); err != nil {
			t.Fatal(err)
		}
		v.files[name] = s
	}
	return v
}

// validate returns what is wrong with a document.
func (v *validator) validate(file string, doc []byte) []string {
	d := json.NewDecoder(bytes.NewReader(doc))
	d.UseNumber()
	var x any
	if err := d.Decode(&x); err != nil {
		return []string{err.Error()}
	}
	v.errs = nil
	v.check(file, v.files[file], x, "$")
	return v.errs
}

func (v *validator) fail(path, format string, args ...any) {
	v.errs = append(v.errs, path+": "+fmt.Sprintf(format, args...))
}

func (v *validator) ok(file string, s map[string]any, x any, path string) bool {
	w := &validator{files: v.files}
	w.check(file, s, x, path)
	return len(w.errs) == 0
}

func (v *validator) check(file string, s map[string]any, x any, path string) {
	known := []string{"$schema", "$id", "title", "description", "$defs", "type", "const", "enum", "pattern", "format", "minimum",
		"required", "properties", "additionalProperties", "items", "minItems", "maxItems", "$ref", "anyOf", "allOf", "if", "then"}
	for k := range s {
		if !slices.Contains(known, k) {
			v.fail(path, "schema uses the keyword %s, which this validator does not know", k)
		}
	}
	if r, ok := s["$ref"].(string); ok {
		target, pointer, _ := strings.Cut(r, "#/$defs/")
		if target == "" {
			target = file
		}
		def, _ := v.files[target]["$defs"].(map[string]any)[pointer].(map[string]any)
		if def == nil {
			v.fail(path, "schema refers to %s, which does not exist", r)
			return
		}
		v.check(target, def, x, path)
	}
	if !typed(s["type"], x) {
		v.fail(path, "%v is not of type %v", x, s["type"])
		return
	}
	if c, ok := s["const"]; ok && c != x {
		v.fail(path, "%v is not %v", x, c)
	}
	if e, ok := s["enum"].([]any); ok && !slices.Contains(e, x) {
		v.fail(path, "%v is not listed", x)
	}
	if any, ok := s["anyOf"].([]any); ok {
		v.any(file, any, x, path)
	}
	if all, ok := s["allOf"].([]any); ok {
		for _, a := range all {
			v.check(file, a.(map[string]any), x, path)
		}
	}
	if cond, ok := s["if"].(map[string]any); ok && v.ok(file, cond, x, path) {
		v.check(file, s["then"].(map[string]any), x, path)
	}
	switch x := x.(type) {
	case string:
		if p, ok := s["pattern"].(string); ok && !regexp.MustCompile(p).MatchString(x) {
			v.fail(path, "%q does not match %s", x, p)
		}
		if s["format"] == "date-time" {
			if u, err := time.Parse(time.RFC3339Nano, x); err != nil || !strings.HasSuffix(x, "Z") || u.IsZero() {
				v.fail(path, "%q is no time in UTC", x)
			}
		}
	case json.Number:
		if n, err := x.Int64(); err != nil || s["minimum"] != nil && n < 0 {
			v.fail(path, "%s is no natural number", x)
		}
	case []any:
		if n, ok := s["minItems"].(float64); ok && len(x) < int(n) {
			v.fail(path, "%d items are too few", len(x))
		}
		if n, ok := s["maxItems"].(float64); ok && len(x) > int(n) {
			v.fail(path, "%d items are too many", len(x))
		}
		if items, ok := s["items"].(map[string]any); ok {
			for i, y := range x {
				v.check(file, items, y, fmt.Sprintf("%s[%d]", path, i))
			}
		}
	case map[string]any:
		v.object(file, s, x, path)
	}
}

// any wants the first alternative where that is an enumeration: the second
// says only that consumers must accept more.
func (v *validator) any(file string, alternatives []any, x any, path string) {
	if first := alternatives[0].(map[string]any); first["enum"] != nil {
		v.check(file, first, x, path)
		return
	}
	for _, a := range alternatives {
		if v.ok(file, a.(map[string]any), x, path) {
			return
		}
	}
	v.fail(path, "%v fits no alternative", x)
}

func (v *validator) object(file string, s, x map[string]any, path string) {
	required, _ := s["required"].([]any)
	for _, r := range required {
		if _, ok := x[r.(string)]; !ok {
			v.fail(path, "%s is missing", r)
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for k, y := range x {
		if p, ok := properties[k].(map[string]any); ok {
			v.check(file, p, y, path+"."+k)
		} else if a, ok := s["additionalProperties"].(map[string]any); ok {
			v.check(file, a, y, path+"."+k)
		} else if properties != nil && s["allOf"] == nil && required != nil && properties["type"] == nil {
			v.fail(path, "%s is not described", k)
		}
	}
}

func typed(t, x any) bool {
	switch t := t.(type) {
	case nil:
		return true
	case []any:
		return slices.ContainsFunc(t, func(u any) bool { return typed(u, x) })
	case string:
		switch x.(type) {
		case nil:
			return t == "null"
		case bool:
			return t == "boolean"
		case string:
			return t == "string"
		case json.Number:
			return t == "integer" || t == "number"
		case []any:
			return t == "array"
		case map[string]any:
			return t == "object"
		}
	}
	return false
}

func TestSchemaHoldsForSamples(t *testing.T) {
	v := newValidator(t)
	for name, r := range map[string]*diag.Report{
		"wrong-psk": wrongPSK(), "healthy": healthy(), "undecided": undecided(), "several": several(), "details": details(), "drawn": drawn(), "empty": {}, "engine": engineReport(t),
	} {
		for _, e := range v.validate("ikediag.report.v1.json", render(t, r, report.Options{Format: report.JSON})) {
			t.Errorf("%s: %s", name, e)
		}
	}
}

// TestValidatorRefuses shows that the validator can fail: it breaks a valid
// document in one place each.
func TestValidatorRefuses(t *testing.T) {
	v := newValidator(t)
	doc := string(render(t, wrongPSK(), report.Options{Format: report.JSON}))
	for name, change := range map[string][2]string{
		"field missing":   {`"fix_at": "either",`, ``},
		"null array":      {`"silenced": []`, `"silenced": null`},
		"unlisted value":  {`"severity": "critical"`, `"severity": "grave"`},
		"wrong type":      {`"line": 160`, `"line": "160"`},
		"negative number": {`"frame": 5`, `"frame": -5`},
		"local time":      {`"2024-11-21T12:00:01Z"`, `"2024-11-21T13:00:01+01:00"`},
		"undescribed":     {`"supports": true`, `"supports": true, "surprise": 1`},
		"missing in detail": {`"type": "key-mismatch",
        "ends"`, `"type": "key-mismatch",
        "end"`},
		"three ends": {`"ends": [
        {`, `"ends": [
        {"gateway": null, "addresses": [], "identity": "", "connection": "", "role": "unknown"}, {`},
	} {
		t.Run(name, func(t *testing.T) {
			broken := strings.Replace(doc, change[0], change[1], 1)
			if broken == doc {
				t.Fatalf("the document does not hold %s", change[0])
			}
			if len(v.validate("ikediag.report.v1.json", []byte(broken))) == 0 {
				t.Error("accepted")
			}
		})
	}
}

// TestSchemaListsEveryValue compares the enumerations of the schema with
// those of diag, both ways.
func TestSchemaListsEveryValue(t *testing.T) {
	v := newValidator(t)
	defs := v.files["ikediag.report.v1.json"]["$defs"].(map[string]any)
	change := v.files["ikediag.change.v1.json"]["properties"].(map[string]any)
	listed := func(s any) (out []string) {
		for _, x := range s.(map[string]any)["anyOf"].([]any)[0].(map[string]any)["enum"].([]any) {
			out = append(out, x.(string))
		}
		slices.Sort(out)
		return out
	}
	for name, c := range map[string]struct {
		schema any
		word   func(uint8) string
		zero   string // what the zero value reads, where it is a word
		first  uint8
	}{
		"reportVerdict": {defs["reportVerdict"], func(i uint8) string { return diag.ReportVerdict(i).String() }, "", 0},
		"sourceKind":    {defs["sourceKind"], func(i uint8) string { return diag.SourceKind(i).String() }, "unknown", 1},
		"role":          {defs["role"], func(i uint8) string { return diag.Side(i).String() }, "unknown", 1},
		"outcome":       {defs["outcome"], func(i uint8) string { return diag.Outcome(i).String() }, "unknown", 1},
		"kind":          {defs["kind"], func(i uint8) string { return diag.Kind(i).String() }, "", 1},
		"severity":      {defs["severity"], func(i uint8) string { return diag.Severity(i).String() }, "", 1},
		"verdict":       {defs["verdict"], func(i uint8) string { return diag.Verdict(i).String() }, "", 1},
		"status":        {defs["status"], func(i uint8) string { return diag.Status(i).String() }, "", 0},
		"phase":         {defs["phase"], func(i uint8) string { return diag.Phase(i).String() }, "", 1},
		"scope":         {defs["scope"], func(i uint8) string { return diag.Scope(i).String() }, "", 0},
		"end":           {defs["end"], func(i uint8) string { return diag.End(i).String() }, "unknown", 1},
		"evidenceKind":  {defs["evidenceKind"], func(i uint8) string { return diag.EvidenceKind(i).String() }, "", 1},
		"basis":         {defs["basis"], func(i uint8) string { return diag.Basis(i).String() }, "unknown", 1},
		"body":          {defs["body"], func(i uint8) string { return diag.BodyKind(i).String() }, "", 1},
		"rungKind":      {defs["rungKind"], func(i uint8) string { return diag.RungKind(i).String() }, "", 1},
		"fate":          {defs["fate"], func(i uint8) string { return diag.Fate(i).String() }, "unknown", 1},
		"op":            {change["op"], func(i uint8) string { return diag.Op(i).String() }, "", 1},
	} {
		var want []string
		for i := c.first; c.word(i) != "unknown"; i++ {
			want = append(want, c.word(i))
		}
		if c.zero != "" {
			want = append(want, c.zero)
		}
		slices.Sort(want)
		if got := listed(c.schema); !slices.Equal(got, want) {
			t.Errorf("%s: schema lists %q, diag has %q", name, got, want)
		}
	}
}
