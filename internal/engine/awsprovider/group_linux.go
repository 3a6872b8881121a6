package awsprovider

import "syscall"

// groupAttr puts the bridge into a process group of its own and interrupts it when this process dies. An interrupted
// bridge ends the Terraform provider too; a killed one would leave it behind.
func groupAttr() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGINT}
}
