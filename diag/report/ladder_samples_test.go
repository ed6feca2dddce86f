package report_test

import (
	"fmt"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/isakmp"
)

// seen is a place that shows a rung.
func seen(at diag.Side, source diag.SourceID, line, frame, count int, t diag.Time, text string) diag.Glimpse {
	g := diag.Glimpse{At: at, Source: source, Where: diag.Where{Line: line, Frame: frame}, Count: count, Time: t, Text: text}
	if count > 1 {
		g.Last, g.Until = diag.Where{Line: line + 20*min(line, 1), Frame: frame + 20*min(frame, 1)}, t
	}
	return g
}

// ladder is the exchange of wrongPSK.
func ladder() diag.Ladder {
	l := diag.Ladder{Attempt: 2, Initiator: 0}
	for n := range 5 {
		from := diag.Initiator
		if n%2 > 0 {
			from = diag.Responder
		}
		r := diag.Rung{Kind: diag.RungMessage, Side: from, Text: fmt.Sprint("main mode ", n+1), Exchange: isakmp.ExchangeMain, Number: uint8(n + 1), Sent: 1, Arrived: 1, Fate: diag.FateArrived, Octets: 180,
			Seen: []diag.Glimpse{
				seen(diag.Initiator, 0, 135+n, 0, 1, at(1), fmt.Sprintf("Nov 21 12:00:01 filiale charon[812]: 05[ENC] message %d", n+1)),
				seen(diag.Initiator, 2, 0, 1+n, 1, frame(1_000_000+n*1000), "198.51.100.66:500 > 203.0.113.188:500"),
			}}
		if n < 4 {
			r.Seen = append(r.Seen, seen(diag.Responder, 3, 90+n, 0, 1, at(1), "Nov 21 12:00:01 zentrale charon[9322]: 07[ENC] message"))
		}
		l.Rungs = append(l.Rungs, r)
	}
	message := func(side diag.Side, text string, fate diag.Fate, sent, arrived int, seen ...diag.Glimpse) diag.Rung {
		return diag.Rung{Kind: diag.RungMessage, Side: side, Text: text, Exchange: isakmp.ExchangeMain, Number: 5, Repeated: side == diag.Initiator, Sent: sent, Arrived: arrived, Fate: fate, Seen: seen}
	}
	refused := message(diag.Responder, "PAYLOAD-MALFORMED", diag.FateLost, 3, 0, seen(diag.Responder, 3, 99, 0, 3, at(1), "Nov 21 12:00:01 zentrale charon[9322]: 07[ENC] generating INFORMATIONAL_V1 request"))
	refused.Fault, refused.Notifies, refused.Number = true, []isakmp.NotifyType{isakmp.NotifyPayloadMalformed}, 0
	l.Rungs = append(l.Rungs,
		diag.Rung{Kind: diag.RungCheck, Side: diag.Responder, Text: "cannot make sense of the decrypted message", Fault: true, Seen: []diag.Glimpse{
			seen(diag.Responder, 3, 97, 0, 3, at(1), "Nov 21 12:00:01 zentrale charon[9322]: 07[ENC] invalid ID_V1 payload length, decryption failed?")}},
		refused,
		message(diag.Initiator, "main mode 5", diag.FateUnseen, 3, 0, seen(diag.Initiator, 0, 167, 0, 3, at(2), "Nov 21 12:00:02 filiale charon[812]: 07[NET] sending packet")),
		message(diag.Initiator, "main mode 5", diag.FatePartly, 3, 1, seen(diag.Initiator, 0, 168, 0, 3, at(3), "Nov 21 12:00:03 filiale charon[812]: 07[NET] sending packet")),
		diag.Rung{Kind: diag.RungNAT, Side: diag.SideUnknown, Text: "a NAT is in front of it", Seen: []diag.Glimpse{seen(diag.SideUnknown, 2, 0, 9, 1, frame(3_000_000), "on the path")}},
		diag.Rung{Kind: diag.RungPhase1Up, Side: diag.Responder, Text: "phase 1 is up"},
		diag.Rung{Kind: diag.RungGaveUp, Side: diag.Initiator, Text: "gives up", Fault: true, Seen: []diag.Glimpse{
			seen(diag.Initiator, 0, 190, 0, 1, at(14), "Nov 21 12:00:14 filiale charon[812]: 06[IKE] giving up after 3 retransmits")}},
	)
	l.Left, l.Gap = 4, 9
	esp := func(at diag.Side, source diag.SourceID, packets uint64, until int) diag.FlowReport {
		return diag.FlowReport{From: diag.Initiator, At: at, SPI: 0xc2618fda, Packets: packets, Start: seen(at, source, 0, 14, 1, frame(4_000_000), ""), End: seen(at, source, 0, 26, 1, frame(until), "")}
	}
	counted := diag.FlowReport{From: diag.Initiator, At: diag.Responder, SPI: 0xc2618fda, Counted: true, Packets: 3, Lost: 1, Start: seen(diag.Responder, 3, 4, 0, 1, diag.Time{}, "")}
	l.Flows = []diag.FlowReport{esp(diag.Initiator, 2, 7, 9_000_000), esp(diag.Responder, 3, 3, 6_000_000), counted,
		{Clear: true, From: diag.Initiator, At: diag.Initiator, Source: filiale, Destination: zentrale, Packets: 2, Start: seen(diag.Initiator, 2, 0, 30, 1, frame(5_000_000), "")}}
	return l
}

// differing are two settings that the ends do not have alike.
func differing() []diag.SettingPair {
	return []diag.SettingPair{
		{Name: "phase 1 lifetime", About: -1, Fits: true, Ends: [2]diag.SettingValue{
			{Text: "14400s", Setting: "rekey_time", Default: true, Source: 1}, {Text: "3600s", Setting: "rekey_time", Source: 4, Line: 11}}},
		{Name: "identity", About: 1, Ends: [2]diag.SettingValue{
			{Text: "zentrale.example.net", Setting: "id", Source: 1, Line: 14}, {Text: "zentrale.example.com", Setting: "id", Source: 4, Line: 9}}},
	}
}

// drawn is wrongPSK with what its attempts looked like.
func drawn() *diag.Report {
	r := wrongPSK()
	first := ladder()
	first.Attempt, first.Rungs, first.Left, first.Flows = 1, first.Rungs[:2], 0, nil
	r.Tunnels[0].Ladders = []diag.Ladder{first, ladder()}
	r.Tunnels[0].Settings = differing()
	return r
}
