// Package rules holds ikediag's own rules, one file each. They are written on
// diag's exported API alone: what they can do, a user's rule can do.
//
// Default returns all of them, for diag.NewEngine; whoever wants some of them,
// or rules of their own beside them, makes another list. The values are shared:
// do not change them.
//
// A rule is a *diag.Rule: a code, its documentation as data, and a function
// of the View. Unruled lists the codes of the catalogue that no rule gives yet,
// with the evidence that each would rest on. To add one:
//
//  1. Write a file named after the code (p1_psk_mismatch.go), with the
//     documentation first: what it means, what looks alike and what excludes
//     that, what it explains.
//  2. In Check, ask the View for facts (diag.Fact, Attempt.Up, …) and say of
//     each piece of evidence what it is worth: Proof, Strong, Hint. Ask first
//     what rules most attempts out (View.Unfinished, Attempt.Sent). Compare no
//     clocks, infer no absence other than by Attempt.Unseen and Missed, and
//     never look at text. Ask for no implementation by its name: what is
//     peculiar to one is a trait (diag.Behaviour, diag.Software), which
//     diag/observe fills in.
//     Only what a remedy writes depends on the format (config_spell.go).
//     What two configurations prove of it before a packet flows is compared
//     by a function of its own (config_pair.go); joined (config_join.go) adds
//     the answer to what attempts show, and reports it where they show nothing.
//  3. Add it to the list in rules.go.
//  4. Put a txtar with cases into testdata: one where it must be found, one
//     where it must not, and one where its decisive fact is missing and the
//     verdict drops.
//  5. Run go generate ./diag/rules: diag/CODES.md, to which reports link, is
//     made of what the rules document.
package rules
