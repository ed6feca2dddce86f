//go:build !linux

package main

import (
	"errors"
	"time"
)

func watch(string, time.Duration) error {
	return errors.New("packet sockets are Linux's; elsewhere give gopacketsource a handle of gopacket's pcap")
}
