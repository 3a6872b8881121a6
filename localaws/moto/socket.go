package moto

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
)

// idleConnections is how many connections wait for the next request.
const idleConnections = 16

// newSocket chooses the path of a socket, in a folder of its own that nobody else can enter. It is in the folder for
// temporary files because a path may be no longer than about 100 bytes.
func newSocket() (string, error) {
	dir, err := os.MkdirTemp("", "sagehost-moto")
	if err != nil {
		return "", fmt.Errorf("socket of moto: %w", err)
	}
	return filepath.Join(dir, "socket"), nil
}

func newServer(socket, dir string) *Server {
	return &Server{
		socket: socket, dir: dir, exited: make(chan struct{}),
		transport: &http.Transport{
			DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, "unix", socket)
			},
			// Bodies must arrive as moto wrote them, or checksums over them fail.
			DisableCompression:  true,
			MaxIdleConnsPerHost: idleConnections,
		},
	}
}

// URL is the base of URLs that Transport leads to moto.
func (s *Server) URL() *url.URL { return &url.URL{Scheme: "http", Host: urlHost} }

// Transport carries requests to moto, whatever their host.
func (s *Server) Transport() http.RoundTripper { return s.transport }

// tidy removes the socket, and what mends moto. What stays of temporary files is the system's to remove.
func (s *Server) tidy() {
	s.transport.CloseIdleConnections()
	_ = os.Remove(s.socket)
	_ = os.Remove(filepath.Dir(s.socket))
	if s.scratch != "" {
		_ = os.RemoveAll(s.scratch)
	}
}
