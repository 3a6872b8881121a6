package serving

import "syscall"

// ownGroup puts a child into its own process group, and has the kernel end it if this process dies.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
