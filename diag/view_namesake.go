package diag

import "net/netip"

// Namesakes returns the addresses of other peers of an end's gateway that call
// themselves what this tunnel's peer does.
func (v *View) Namesakes(end int) (all []netip.Addr) {
	own := v.leg(end)
	if own == nil {
		return nil
	}
	for _, l := range own.gateway.legs {
		if l != own && own.remoteID != "" && l.remoteID == own.remoteID && l.remote.IsValid() && own.remote.IsValid() && l.remote != own.remote && len(l.strands) > 0 {
			all = append(all, l.remote)
		}
	}
	return addrSet(all)
}
