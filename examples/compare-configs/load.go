package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ikediag/ikediag/ike/config"
)

// load reads one gateway's configuration: a file, or a folder of one with its
// secrets and policies. What else a folder holds is passed over.
func load(path string) (*config.Config, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	files := []string{path}
	if info.IsDir() {
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		files = files[:0]
		for _, e := range entries {
			if e.Type().IsRegular() {
				files = append(files, filepath.Join(path, e.Name()))
			}
		}
	}
	var c *config.Config
	var secrets []file
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d := config.Detect(b)
		if d == config.Unknown && config.LooksLikeKeys(b) {
			d = config.RacoonKeys
		}
		switch {
		case d == config.IPsecSecrets, d == config.RacoonKeys && info.IsDir(), d == config.Setkey && info.IsDir():
			secrets = append(secrets, file{name, d, b})
			continue
		case d == config.Unknown && info.IsDir():
			continue
		case c != nil:
			return nil, fmt.Errorf("%s: has more than one configuration: %s and %s", path, c.Name, name)
		}
		if c, err = config.Parse(name, bytes.NewReader(b), config.Options{}); err != nil {
			return nil, err
		}
	}
	if c == nil {
		return nil, errors.New(path + ": no configuration is recognised")
	}
	for _, s := range secrets {
		if !s.dialect.Joins(c.Dialect) {
			continue
		}
		if err := c.AddSecrets(s.name, bytes.NewReader(s.content), config.Options{Dialect: s.dialect}); err != nil {
			return nil, err
		}
	}
	return c, nil
}

type file struct {
	name    string
	dialect config.Dialect
	content []byte
}
