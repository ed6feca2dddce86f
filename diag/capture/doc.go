// Package capture turns recordings of network traffic into
// [exchange.Datagram] values: pcap and pcapng files, gzipped or not, and the
// text that tcpdump prints.
//
// # Vocabulary
//
// A frame is one record of a file: what one interface saw at one time. A
// datagram is one IP datagram, whole after reassembly and without what it was
// wrapped in: link header, VLAN tags, MPLS labels, PPP, GRE and IP in IP. A
// frame gives no datagram (ARP), one, or a part of one (a fragment).
//
// # Use
//
// A [Reader] is made from any io.Reader and asked for datagrams until it has
// none left:
//
//	r, err := capture.NewReader(f, capture.Options{})
//	if err != nil {
//		return err
//	}
//	var d exchange.Datagram
//	for r.Next(&d) {
//		// d.Payload is valid until the next call of Next.
//	}
//	if err := r.Err(); err != nil {
//		// What came before the fault has been delivered.
//	}
//	facts := r.Coverage()
//
// Live sources that hand over raw frames use a [Peeler] directly, or the
// adapter in package gopacketsource.
//
// # Faults
//
// A file that ends in the middle of a record is normal: the recorder was
// killed or the disk was full. It is no error; [Coverage.CutEnd] says so. A
// frame that cannot be understood is counted and passed over. Only a file whose
// framing is broken ends a reading early, with a [*ParseError] that tells
// where; everything before it has been delivered.
//
// # Ownership and limits
//
// A Datagram's Payload aliases the Reader's buffer and is valid until the next
// call of Next; [exchange.Datagram.Clone] keeps it. Memory is bounded by
// [Limits] whatever a file claims, and time is linear in its bytes. A Reader is
// not safe for concurrent use; several Readers are independent of each other.
//
// The block formats are read as draft-ietf-opsawg-pcap and
// draft-ietf-opsawg-pcapng describe them.
package capture
