package report

import (
	_ "embed"
	"slices"
)

//go:embed schema/ikediag.report.v1.json
var reportSchema []byte

//go:embed schema/ikediag.change.v1.json
var changeSchema []byte

// Schema returns the JSON schema (draft 2020-12) of ikediag.report/v1, a copy
// that the caller owns.
func Schema() []byte { return slices.Clone(reportSchema) }

// ChangeSchema returns the JSON schema of ikediag.change/v1, a copy that the
// caller owns. It refers to definitions of the schema that Schema returns,
// by the relative reference "ikediag.report.v1.json".
func ChangeSchema() []byte { return slices.Clone(changeSchema) }
