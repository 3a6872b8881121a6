package admission

import (
	"net"
	"net/netip"
	"regexp"
	"strings"
)

// hostName is the form of names. Buckets may have any of these characters in theirs.
var hostName = regexp.MustCompile(`^[a-z0-9._-]+$`)

// isLoopback reports whether a Host header has a port, and a name or an address that leads to this machine wherever it
// is looked up. Any other name could be one whose owner lets it point here (DNS rebinding). Names below localhost are
// loopback names, too (RFC 6761, section 6.3): clients of Amazon S3 put the bucket before the host.
func isLoopback(host, port string) bool {
	name, given, err := net.SplitHostPort(host)
	if err != nil {
		name, given = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), "80"
	}
	if given != port {
		return false
	}
	name = strings.TrimSuffix(strings.ToLower(name), ".")
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return hostName.MatchString(name)
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.Unmap().IsLoopback() && address.Zone() == ""
}
