// Package localaws is an AWS on the loopback interface: fakes of SageMaker hosting and of Application Auto Scaling, and
// the emulator moto for everything else, behind one address.
package localaws

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"sync"
	"syscall"
	"time"

	"sagehost/internal/localaws/autoscaling"
	"sagehost/internal/localaws/moto"
	"sagehost/internal/localaws/sagemaker"
	"sagehost/internal/sharedlog"
)

const (
	defaultAddr = "127.0.0.1:0"
	// headerTimeout keeps a client that never finishes its headers from holding a connection.
	headerTimeout = 10 * time.Second
)

// Options says how to start a Server.
type Options struct {
	// Moto is the path of the program moto_server.
	Moto string
	// Addr is the loopback address to listen on; the default is a free port of 127.0.0.1.
	Addr string
	// Log gets a line for each answer, and what moto prints; the default is to discard both.
	Log io.Writer
	// Durations is how long endpoints take to change; by default they change at once.
	Durations sagemaker.Durations
	// Clock is the time that endpoints live by; the default is the system's.
	Clock func() time.Time
}

// Server is a running local AWS.
type Server struct {
	url  string
	moto *moto.Server
	http *http.Server
	done chan struct{}
	end  sync.Once
}

// Start runs a local AWS. The context bounds the start only; Close ends it.
func Start(ctx context.Context, options Options) (*Server, error) {
	if options.Addr == "" {
		options.Addr = defaultAddr
	}
	if options.Clock == nil {
		options.Clock = time.Now
	}
	if options.Log == nil {
		options.Log = io.Discard
	}
	options.Log = sharedlog.New(options.Log)
	listener, err := listen(ctx, options.Addr)
	if err != nil {
		return nil, err
	}
	emulator, err := moto.Start(ctx, options.Moto, options.Log)
	if err != nil {
		// The start has failed for a better reason than what closing could say.
		_ = listener.Close()
		return nil, err
	}
	s := &Server{
		url:  "http://" + listener.Addr().String(),
		moto: emulator,
		http: &http.Server{
			Handler: newGateway(emulator.URL(), options, health{PID: os.Getpid(), Services: []serviceHealth{
				{Name: "sagemaker", Version: sagemaker.APIVersion},
				{Name: "application-autoscaling", Version: autoscaling.APIVersion},
				{Name: "moto", PID: emulator.PID(), URL: emulator.URL().String()},
			}}),
			ReadHeaderTimeout: headerTimeout,
		},
		done: make(chan struct{}),
	}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			_, _ = fmt.Fprintf(options.Log, "gateway: %v\n", err)
		}
	}()
	return s, nil
}

// listen refuses addresses that other machines could reach: signatures are not verified.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("local AWS: address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("local AWS: address %q is not on the loopback interface; use 127.0.0.1", addr)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("local AWS: another program listens on %s: %w", addr, err)
	}
	if err != nil {
		return nil, fmt.Errorf("local AWS: %w", err)
	}
	return listener, nil
}

// URL is the endpoint for every AWS service.
func (s *Server) URL() string { return s.url }

// Close ends the gateway and moto. It may be called more than once.
func (s *Server) Close() error {
	var err error
	s.end.Do(func() {
		err = s.http.Close()
		<-s.done
		s.moto.Close()
	})
	if err != nil {
		return fmt.Errorf("close the local AWS: %w", err)
	}
	return nil
}
