// Package localaws is an AWS on the loopback interface, behind one address: fakes of SageMaker hosting, its runtime and
// its batch transform, whose containers are local processes, of Application Auto Scaling and of AWS Step Functions; the
// emulator moto for everything else, with alarms that are evaluated, schedules that fire and rules that events match.
package localaws

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"sagehost/kit/files"
	"sagehost/localaws/containers/serving"
	"sagehost/localaws/moto"
	"sagehost/localaws/protocol/admission"
	"sagehost/localaws/services/bucketpolicy"
	"sagehost/localaws/services/sagemaker"
	"sagehost/localaws/world/clock"
)

const (
	defaultAddr = "127.0.0.1:0"
	// headerTimeout keeps a client that never finishes its headers from holding a connection.
	headerTimeout = 10 * time.Second
	// idleTimeout is how long a connection may wait for its next request.
	idleTimeout = 2 * time.Minute
)

// Options says how to start a Server.
type Options struct {
	// Moto is the path of the program moto_server.
	Moto string
	// Addr is the loopback address to listen on; the default is a free port of 127.0.0.1.
	Addr string
	// Log gets a line for each answer, and what moto prints; the default is to discard both.
	Log io.Writer
	// Durations is how long endpoints take to change beside what their containers take to start; by default nothing.
	Durations sagemaker.Durations
	// Clock is the time that everything lives by; the default is one that starts now.
	Clock *clock.Clock
	// Root is the checkout with the programs that stand for images. Without one, containers are not run.
	Root string
	// Dir is the folder for containers and for what is kept; the default is a temporary one. It has the file that says
	// which program stands for which image.
	Dir string
	// Keep makes everything that the services know outlive a process that is killed: the next Start with the same Dir
	// finds it.
	Keep bool
}

// ImagesPath is the file in Dir that says which program stands for which image.
func ImagesPath(dir string) string { return filepath.Join(dir, "images.yaml") }

// ImagesEdited reports whether the user has changed that file.
func ImagesEdited(dir string) bool { return serving.EditedImages(ImagesPath(dir)) }

// stateDir is the folder in Dir for what is kept.
func stateDir(dir string) string { return filepath.Join(dir, "services") }

// Resumable reports whether a process that was killed has left a state in a folder that Start can go on with.
func Resumable(ctx context.Context, dir string) bool { return moto.Survives(ctx, stateDir(dir)) }

// Discard ends what a process that was killed has left behind in a folder, and removes its state. Nothing of it is of
// use once the emulator's part is gone.
func Discard(ctx context.Context, dir string) error {
	err := moto.End(ctx, stateDir(dir))
	if removed := os.RemoveAll(stateDir(dir)); removed != nil {
		err = errors.Join(err, fmt.Errorf("state of the local AWS: %w", removed))
	}
	return err
}

// Server is a running local AWS.
type Server struct {
	url     string
	options Options
	moto    *moto.Server
	// services are replaced by a reset.
	services *services
	door     *door
	http     *http.Server
	// scratch is a folder to remove at the end; empty when the caller has given one.
	scratch string
	done    chan struct{}
	end     sync.Once
	// closing is closed when Close begins.
	closing chan struct{}
	// failed is closed once the server has ended by itself, for this reason.
	failed chan struct{}
	reason error

	// resetting guards reset, the one that is under way.
	resetting sync.Mutex
	reset     *reset
}

// Start runs a local AWS. The context bounds the start only; Close ends it.
func Start(ctx context.Context, options Options) (*Server, error) {
	options.Addr = cmp.Or(options.Addr, defaultAddr)
	if options.Clock == nil {
		options.Clock = clock.New(time.Now())
	}
	if options.Log == nil {
		options.Log = io.Discard
	}
	options.Log = files.NewSharedWriter(options.Log)
	s := &Server{
		options: options, done: make(chan struct{}), closing: make(chan struct{}), failed: make(chan struct{}),
	}
	if err := s.start(ctx); err != nil {
		s.discard()
		return nil, err
	}
	return s, nil
}

func (s *Server) start(ctx context.Context) error {
	listener, err := listen(ctx, s.options.Addr)
	if err != nil {
		return err
	}
	s.url = "http://" + listener.Addr().String()
	if err := s.assemble(ctx, listener.Addr().String()); err != nil {
		// The start has failed for a better reason than what closing could say.
		_ = listener.Close()
		return err
	}
	go func() {
		defer close(s.done)
		if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			_, _ = fmt.Fprintf(s.options.Log, "gateway: %v\n", err)
		}
	}()
	go s.endWithMoto()
	return nil
}

// endWithMoto ends the server when moto has ended before it. What moto held is lost: another one would know nothing of
// the buckets, roles and alarms that the services, and the state of every stack, speak of.
func (s *Server) endWithMoto() {
	select {
	case <-s.closing:
		return
	case <-s.moto.Exited():
	}
	select {
	case <-s.closing:
		return
	default:
	}
	s.reason = fmt.Errorf("%s, and what it held is lost: the local AWS ends, too", s.moto.ExitReason())
	_, _ = fmt.Fprintf(s.options.Log, "local AWS: %v\n", s.reason)
	s.door.lead(refuseAll(s.reason))
	// There is no better reason than the one that is there.
	_ = s.Close()
	close(s.failed)
}

// refuseAll answers while the server ends by itself: what it still knows is worth nothing any more.
func refuseAll(reason error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == healthPath {
			health{PID: os.Getpid(), Ending: reason.Error()}.ServeHTTP(w, r)
			return
		}
		http.Error(w, reason.Error(), http.StatusServiceUnavailable)
	})
}

// Failed is closed once the server has ended by itself; Err says why.
func (s *Server) Failed() <-chan struct{} { return s.failed }

// Err is why the server has ended by itself. It is known once Failed is closed.
func (s *Server) Err() error { return s.reason }

// assemble makes everything that will answer at an address.
func (s *Server) assemble(ctx context.Context, address string) error {
	if s.options.Dir == "" {
		dir, err := os.MkdirTemp("", "sagehost-aws")
		if err != nil {
			return fmt.Errorf("local AWS: %w", err)
		}
		s.scratch, s.options.Dir = dir, dir
	}
	emulator := moto.Options{Path: s.options.Moto, Log: s.options.Log}
	if s.options.Keep {
		emulator.Dir = stateDir(s.options.Dir)
	}
	var err error
	if s.moto, err = moto.Start(ctx, emulator); err != nil {
		return err
	}
	s.door = newDoor(nil)
	if err := s.serve(s.moto.Survived()); err != nil {
		return err
	}
	s.http = &http.Server{
		Handler:           admission.Wrap(http.HandlerFunc(s.handle), admission.Options{Addr: address, Log: s.options.Log}),
		ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout,
		// "OPTIONS *" is a preflight's like any other.
		DisableGeneralOptionsHandler: true,
	}
	return nil
}

// handle answers one request. A reset waits for all others.
func (s *Server) handle(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == resetPath {
		s.serveReset(w, r)
		return
	}
	s.door.ServeHTTP(w, r)
}

// serve makes the services and leads requests to them. Resumed says that they go on with what an earlier process has
// left.
func (s *Server) serve(resumed bool) error {
	other := bucketpolicy.Wrap(newProxy(s.moto.URL(), s.moto.Transport(), s.options.Log))
	made, err := newServices(s.url, other, s.options, resumed)
	if err != nil {
		return fmt.Errorf("local AWS: %w", err)
	}
	s.services = made
	s.door.lead(made.gateway(other, made.health(s.moto.PID())))
	made.run()
	return nil
}

// discard ends a server that was not started to the end.
func (s *Server) discard() {
	if s.moto != nil {
		s.moto.Close()
	}
	// Scratch that stays is the system's to remove.
	_ = os.RemoveAll(s.scratch)
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

// Close ends the containers, the gateway and moto. It may be called more than once.
func (s *Server) Close() error {
	var err error
	s.end.Do(func() {
		close(s.closing)
		s.awaitReset()
		// What is written at the end goes through the gateway.
		s.services.close()
		err = s.http.Close()
		<-s.done
		s.moto.Close()
		if s.scratch != "" {
			err = errors.Join(err, os.RemoveAll(s.scratch))
		}
	})
	if err != nil {
		return fmt.Errorf("close the local AWS: %w", err)
	}
	return nil
}
