// Package environment defines which variables the programs that the local AWS starts get: its own programs only what
// they need of the user's, containers nothing of it.
package environment

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
)

// inherited are the variables that this project's own programs get from the user. All others stay behind, because among
// them are credentials, tokens and the sockets of agents.
func inherited() []string {
	return []string{
		// Where programs, their libraries and their files are.
		"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "LD_LIBRARY_PATH",
		"PYTHONPATH",
		// How texts and times are written.
		"LANG", "LC_ALL", "LC_CTYPE", "TZ",
		// How Go builds containers. Proxies are not among them: their addresses can hold passwords, and what a checkout
		// needs is in the module cache.
		"GOCACHE", "GOMODCACHE", "GOPATH", "GOROOT", "GOFLAGS", "GOENV", "GOTOOLCHAIN", "CGO_ENABLED",
	}
}

// Inherited is the environment of the local AWS itself, of moto, and of the builds of containers.
func Inherited() []string {
	var list []string
	for _, name := range inherited() {
		if value, set := os.LookupEnv(name); set {
			list = append(list, name+"="+value)
		}
	}
	return list
}

// systemPath is the PATH that Docker gives to images that set none.
const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// OfImage is what a container has before its image and its model set anything: the system's programs and those beside
// its own, as an interpreter is; a home of its own; UTF-8; UTC.
func OfImage(program, home string) map[string]string {
	path := systemPath
	if found, err := exec.LookPath(program); err == nil && filepath.IsAbs(found) {
		path = filepath.Dir(found) + string(os.PathListSeparator) + path
	}
	return map[string]string{"PATH": path, "HOME": home, "LANG": "C.UTF-8", "TZ": "UTC"}
}

// List is an environment as programs get it, sorted.
func List(variables map[string]string) []string {
	list := make([]string, 0, len(variables))
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		list = append(list, name+"="+variables[name])
	}
	return list
}
