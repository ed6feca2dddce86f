// Nms-webhook is a service for a network management system: it is sent what
// gateways log, and sends on what fails and recovers.
//
//	cd examples/nms-webhook
//	go run . [-listen localhost:9912] [-webhook URL] [-otlp]
//
// A gateway, or its log shipper, posts pieces of its log as they come:
//
//	curl --data-binary @charon.log localhost:9912/feed/fra-1/charon
//
// Each change is posted to the webhook as one object of schema
// ikediag.change/v1, and with -otlp is an OpenTelemetry log record as well
// (OTEL_EXPORTER_OTLP_ENDPOINT says where to). GET /report gives the whole as
// JSON, or as a page to a browser. It has no authentication: put it behind
// something that has. It is a module of its own, since it needs OpenTelemetry's
// libraries.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlplog/otlploghttp"
	"go.opentelemetry.io/otel/log"
	sdk "go.opentelemetry.io/otel/sdk/log"

	"github.com/ikediag/ikediag/diag"
)

func main() {
	listen := flag.String("listen", "localhost:9912", "the address to serve at")
	webhook := flag.String("webhook", "", "the URL that changes are posted to")
	otlp := flag.Bool("otlp", false, "export changes as OpenTelemetry log records")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *listen, *webhook, *otlp); err != nil {
		fmt.Fprintln(os.Stderr, "nms-webhook:", diag.Clean(err.Error(), 400))
		os.Exit(1)
	}
}

func run(ctx context.Context, listen, webhook string, otlp bool) error {
	var outlets []outlet
	if webhook != "" {
		outlets = append(outlets, &hook{url: webhook, client: http.Client{Timeout: 10 * time.Second}})
	}
	if otlp {
		exporter, err := otlploghttp.New(ctx)
		if err != nil {
			return err
		}
		provider := sdk.NewLoggerProvider(sdk.WithProcessor(sdk.NewBatchProcessor(exporter)))
		defer func() { _ = provider.Shutdown(context.WithoutCancel(ctx)) }()
		outlets = append(outlets, records{provider.Logger("ikediag")})
	}
	s, err := newService(outlets)
	if err != nil {
		return err
	}
	server := http.Server{Addr: listen, Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	go s.watch(ctx, time.Tick(5*time.Second))
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// records tells changes as OpenTelemetry log records.
type records struct{ log.Logger }

func (r records) send(ctx context.Context, c *diag.Change) error {
	var rec log.Record
	rec.SetTimestamp(time.Now())
	rec.SetSeverity(severities[c.Finding.Severity])
	rec.SetSeverityText(c.Finding.Severity.String())
	rec.SetBody(attribute.StringValue(diag.Clean(c.Finding.Summary, 400)))
	rec.AddAttributes(
		attribute.String("ikediag.op", c.Op.String()), attribute.String("ikediag.code", string(c.Finding.Code)),
		attribute.String("ikediag.verdict", c.Finding.Verdict.String()), attribute.String("ikediag.incident", c.Finding.Incident),
		attribute.String("ikediag.tunnel", c.Tunnel.ID), attribute.String("ikediag.gateway", c.Finding.Gateway),
	)
	r.Emit(ctx, rec)
	return nil
}

var severities = map[diag.Severity]log.Severity{
	diag.Info: log.SeverityInfo, diag.Warning: log.SeverityWarn, diag.Error: log.SeverityError, diag.Critical: log.SeverityFatal,
}
