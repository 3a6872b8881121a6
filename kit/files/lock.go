package files

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// interval is how often a command that waits for another one looks again.
const interval = 200 * time.Millisecond

// ErrLocked says that somebody else holds the file.
var ErrLocked = errors.New("held by another process")

// TryLock holds a file as Lock does, but does not wait: the error matches ErrLocked where somebody else holds it.
func TryLock(path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrLocked
	}
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, errors.Join(err, file.Close()))
	}
	return release(file), nil
}

// release gives a lock back. Unlocking does so even while a process that is just being started still has a copy of the
// file; and there is nobody to tell if it fails.
func release(file *os.File) func() {
	return func() {
		_ = syscall.Flock(int(file.Fd()), syscall.LOCK_UN)
		_ = file.Close()
	}
}

// Lock holds a file for this process alone until the returned function is called or the process ends. It waits as
// long as the context allows.
func Lock(ctx context.Context, path string) (func(), error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return release(file), nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, errors.Join(err, file.Close()))
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("lock %s: %w", path, errors.Join(ctx.Err(), file.Close()))
		case <-time.After(interval):
		}
	}
}
