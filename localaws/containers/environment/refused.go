package environment

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// family is variables by which a program can be made to run other code than its own.
type family struct {
	// reader is what reads them.
	reader          string
	prefixes, names []string
	// harmless are those with a prefix that do nothing of the kind.
	harmless []string
}

// families are what sudo removes from environments (sudoers(5), env_delete) and what glibc ignores in programs with
// other rights (unsecvars.h), with the variables that the manuals of interpreters and tools name for code, options and
// search paths.
func families() []family { return slices.Concat(interpreters(), tools()) }

// interpreters are what runs programs.
func interpreters() []family {
	return []family{
		{reader: "the dynamic loader", prefixes: []string{"LD_", "DYLD_", "_RLD", "LDR_"}, names: []string{
			"LIBPATH", "SHLIB_PATH", "GCONV_PATH", "GETCONF_DIR", "GLIBC_TUNABLES", "LOCPATH", "NLSPATH",
		}},
		{reader: "shells", prefixes: []string{"BASH_FUNC_"}, names: []string{
			"ENV", "BASH_ENV", "BASHOPTS", "SHELLOPTS", "PS4", "PROMPT_COMMAND", "IFS", "CDPATH", "FPATH", "GLOBIGNORE",
			"ZDOTDIR", "NULLCMD", "READNULLCMD", "TMPPREFIX", "SHELL",
		}},
		{
			reader: "Python", prefixes: []string{"PYTHON"}, names: []string{"IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_PATH"},
			harmless: []string{
				"PYTHONASYNCIODEBUG", "PYTHONCOERCECLOCALE", "PYTHONDONTWRITEBYTECODE", "PYTHONFAULTHANDLER", "PYTHONHASHSEED",
				"PYTHONINTMAXSTRDIGITS", "PYTHONIOENCODING", "PYTHONMALLOC", "PYTHONNOUSERSITE", "PYTHONOPTIMIZE",
				"PYTHONSAFEPATH", "PYTHONTRACEMALLOC", "PYTHONUNBUFFERED", "PYTHONUTF8", "PYTHON_CPU_COUNT", "PYTHON_GIL",
				"PYTHON_VERSION", "PYTHON_LOG_LEVEL", "PYTHON_ENV",
			},
		},
		{reader: "Perl", prefixes: []string{"PERL5"}, names: []string{"PERLLIB", "PERLIO", "PERLIO_DEBUG"}},
		{
			reader: "Ruby", prefixes: []string{"BUNDLE_"},
			names: []string{"RUBYOPT", "RUBYLIB", "RUBYPATH", "RUBYSHELL", "GEM_HOME", "GEM_PATH"},
		},
		{reader: "Node.js", names: []string{"NODE_OPTIONS", "NODE_PATH", "NODE_REPL_EXTERNAL_MODULE", "BUN_OPTIONS"}},
		{reader: "Java", names: []string{
			"JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "IBM_JAVA_OPTIONS", "OPENJ9_JAVA_OPTIONS", "CLASSPATH",
			"JAVA_HOME", "JRE_HOME", "JAVACMD",
		}},
		{reader: ".NET", prefixes: []string{"CORECLR_", "COR_", "MONO_"}, names: []string{
			"DOTNET_STARTUP_HOOKS", "DOTNET_ADDITIONAL_DEPS", "DOTNET_SHARED_STORE", "DOTNET_ROOT",
			"ASPNETCORE_HOSTINGSTARTUPASSEMBLIES",
		}},
		{reader: "PHP", names: []string{"PHPRC", "PHP_INI_SCAN_DIR"}},
		{reader: "Lua", prefixes: []string{"LUA_"}},
		{
			reader: "R", prefixes: []string{"R_PROFILE", "R_ENVIRON", "R_LIBS"},
			names: []string{"R_HOME", "R_DEFAULT_PACKAGES"},
		},
		{reader: "Julia", names: []string{"JULIA_LOAD_PATH", "JULIA_DEPOT_PATH", "JULIA_PROJECT", "JULIA_BINDIR"}},
		{reader: "Tcl", names: []string{"TCLLIBPATH", "TCL_LIBRARY", "TK_LIBRARY"}},
		{reader: "Erlang", prefixes: []string{"ERL_"}, names: []string{"ELIXIR_ERL_OPTIONS"}},
		{reader: "Go", names: []string{
			"GOFLAGS", "GOROOT", "GOPATH", "GOENV", "GOTOOLCHAIN", "GOTOOLDIR", "GOPROXY", "GOCACHEPROG",
		}},
		{reader: "awk", names: []string{"AWKPATH", "AWKLIBPATH"}},
		{reader: "Guile", names: []string{"GUILE_LOAD_PATH", "GUILE_LOAD_COMPILED_PATH", "GUILE_EXTENSIONS_PATH"}},
	}
}

// tools are libraries and programs that load or run others.
func tools() []family {
	return []family{
		{reader: "OpenSSL", names: []string{"OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES"}},
		{reader: "CUDA, OpenMP and OpenCL", names: []string{
			"CUDA_INJECTION32_PATH", "CUDA_INJECTION64_PATH", "NVTX_INJECTION32_PATH", "NVTX_INJECTION64_PATH",
			"OMP_TOOL_LIBRARIES", "KMP_TOOL_LIBRARIES", "OCL_ICD_VENDORS", "OCL_ICD_FILENAMES",
		}},
		{reader: "Git", prefixes: []string{"GIT_"}, harmless: []string{
			"GIT_COMMIT", "GIT_COMMIT_SHA", "GIT_SHA", "GIT_HASH", "GIT_BRANCH", "GIT_TAG", "GIT_REF", "GIT_REV",
			"GIT_REVISION", "GIT_VERSION", "GIT_DESCRIBE", "GIT_URL", "GIT_REPO", "GIT_REPOSITORY",
		}},
		// Every option of uWSGI is a variable, and some of them are commands (uWSGI documentation, "exec-pre-app").
		{reader: "uWSGI", prefixes: []string{"UWSGI_"}},
		{reader: "tools that run others", names: []string{
			"BROWSER", "EDITOR", "VISUAL", "PAGER", "MANPAGER", "LESSOPEN", "LESSCLOSE", "SSH_ASKPASS", "SUDO_ASKPASS",
			"SUDO_EDITOR", "TAR_OPTIONS", "MAKEFLAGS", "GNUMAKEFLAGS", "MAKEFILES", "CVS_RSH", "RSYNC_RSH", "SVN_SSH",
			"CC", "CXX", "CUDAHOSTCXX", "RUSTC_WRAPPER",
		}},
		{reader: "editors", names: []string{"VIMINIT", "EXINIT", "VIM", "VIMRUNTIME", "SYSTEMD_EDITOR", "EMACSLOADPATH"}},
		{reader: "npm", prefixes: []string{"npm_config_", "NPM_CONFIG_"}},
		{reader: "pytest", prefixes: []string{"PYTEST_"}},
		{reader: "tools of Java", names: []string{
			"MAVEN_OPTS", "MAVEN_ARGS", "SBT_OPTS", "GRADLE_OPTS", "JRUBY_OPTS", "CATALINA_OPTS",
		}},
		{reader: "toolkits", prefixes: []string{"QT_PLUGIN_PATH", "QT_QPA_", "GTK_", "GIO_"}},
		{reader: "graphics libraries", names: []string{
			"VK_LAYER_PATH", "VK_ADD_LAYER_PATH", "VK_ICD_FILENAMES", "VK_DRIVER_FILES", "LIBGL_DRIVERS_PATH",
			"LIBVA_DRIVERS_PATH", "VDPAU_DRIVER_PATH",
		}},
		{reader: "Kerberos, SASL and ALSA", names: []string{"KRB5_CONFIG", "SASL_PATH", "ALSA_CONFIG_PATH"}},
		// A profile can name a command for its credentials (AWS SDKs and Tools, "Process credential provider").
		{reader: "the AWS SDKs", names: []string{"AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"}},
		// It says of a process that it belongs to the local AWS of a folder.
		{reader: "sagehost", names: []string{"SAGEHOST_PROCESS"}},
		{reader: "whatever looks for programs or settings", names: []string{
			"PATH", "HOME", "XDG_CONFIG_HOME", "XDG_CONFIG_DIRS",
		}},
	}
}

func (f family) has(name string) bool {
	if slices.Contains(f.names, name) {
		return true
	}
	begins := func(prefix string) bool { return strings.HasPrefix(name, prefix) }
	return slices.ContainsFunc(f.prefixes, begins) && !slices.Contains(f.harmless, name)
}

// Reader is what can be made to run other code by a variable; empty for a harmless one.
func Reader(name string) string {
	for _, f := range families() {
		if f.has(name) {
			return f.reader
		}
	}
	return ""
}

// Refusal is why a model or a job cannot set some variables, all of them at once; empty when it can. Amazon SageMaker
// takes any: there, a container is no process of the user's own machine.
func Refusal[V any](variables map[string]V) string {
	var found []string
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		if reader := Reader(name); reader != "" {
			found = append(found, fmt.Sprintf("%s, which is read by %s", name, reader))
		}
	}
	if len(found) == 0 {
		return ""
	}
	return "The local AWS refuses environment variables that can make a program run other code: " +
		strings.Join(found, "; ") + ". Its containers are processes of this machine. What an image sets itself goes into " +
		"images.yaml, under environment."
}
