//go:build unix && !linux

package awsprovider

import "syscall"

// groupAttr puts the bridge into a process group of its own.
func groupAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
