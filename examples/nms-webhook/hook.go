package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/ikediag/ikediag/diag"
	"github.com/ikediag/ikediag/diag/report"
)

// A hook posts changes to a URL, each a few times until it is taken. A change
// names its finding by a fingerprint: who gets one twice can tell.
type hook struct {
	url    string
	client http.Client
	wait   time.Duration // before the second try; 0: a second
}

// tries is how often a change is posted.
const tries = 4

func (h *hook) send(ctx context.Context, c *diag.Change) (err error) {
	var b bytes.Buffer
	if err := report.WriteChange(&b, c, report.Options{}); err != nil {
		return err
	}
	wait := h.wait
	if wait == 0 {
		wait = time.Second
	}
	for n := range tries {
		if err = h.post(ctx, b.Bytes()); err == nil || n == tries-1 {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait << n):
		}
	}
	return err
}

func (h *hook) post(ctx context.Context, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := h.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 1<<16)) // so that the connection is used again
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("the webhook answers %s", answer.Status)
	}
	return nil
}
