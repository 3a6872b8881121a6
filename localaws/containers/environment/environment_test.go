package environment_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/localaws/containers/environment"
)

func TestVariablesThatRunOtherCodeAreRefused(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`
		LD_PRELOAD LD_LIBRARY_PATH LD_AUDIT DYLD_INSERT_LIBRARIES GCONV_PATH GLIBC_TUNABLES
		PYTHONPATH PYTHONHOME PYTHONSTARTUP PYTHONWARNINGS PYTHONBREAKPOINT PYTHONINSPECT PYTHONUSERBASE PYTHONPYCACHEPREFIX
		PYTHONEXECUTABLE PYTHONPLATLIBDIR PYTHON_OF_TOMORROW BROWSER
		BASH_ENV ENV IFS PS4 PROMPT_COMMAND SHELLOPTS BASHOPTS CDPATH ZDOTDIR
		NODE_OPTIONS NODE_PATH PERL5OPT PERL5LIB PERL5DB PERLLIB RUBYOPT RUBYLIB GEM_HOME BUNDLE_GEMFILE
		JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS CLASSPATH DOTNET_STARTUP_HOOKS CORECLR_PROFILER_PATH
		PHPRC PHP_INI_SCAN_DIR LUA_INIT LUA_INIT_5_4 LUA_PATH R_PROFILE R_PROFILE_USER R_ENVIRON R_LIBS_USER JULIA_LOAD_PATH
		GIT_SSH_COMMAND GIT_EXTERNAL_DIFF EDITOR VISUAL PAGER LESSOPEN TAR_OPTIONS MAKEFLAGS GOFLAGS GOROOT
		OPENSSL_CONF OMP_TOOL_LIBRARIES CUDA_INJECTION64_PATH PATH HOME XDG_CONFIG_HOME
		UWSGI_EXEC_PRE_APP UWSGI_PYTHONPATH MONO_PATH AWS_CONFIG_FILE npm_config_script_shell PYTEST_PLUGINS VIMINIT
		GTK_MODULES
		VK_LAYER_PATH MAVEN_OPTS SAGEHOST_PROCESS CC CXX RUSTC_WRAPPER
	`) {
		refusal := environment.Refusal(map[string]string{name: "x"})
		assert.Contains(t, refusal, "run other code: "+name+", which is read by ", name)
	}
	assert.Equal(t, "The local AWS refuses environment variables that can make a program run other code: BROWSER, which "+
		"is read by tools that run others; PYTHONWARNINGS, which is read by Python. Its containers are processes of this "+
		"machine. What an image sets itself goes into images.yaml, under environment.",
		environment.Refusal(map[string]any{"PYTHONWARNINGS": "x", "LOG_LEVEL": "x", "BROWSER": "x"}))
}

func TestOrdinaryVariablesOfContainersAreNotRefused(t *testing.T) {
	t.Parallel()
	for name := range strings.FieldsSeq(`
		SAGEMAKER_PROGRAM SAGEMAKER_SUBMIT_DIRECTORY SAGEMAKER_CONTAINER_LOG_LEVEL SAGEMAKER_MODEL_SERVER_WORKERS
		SAGEMAKER_TS_BATCH_SIZE HF_MODEL_ID HF_TASK HF_HOME HF_TOKEN HUGGING_FACE_HUB_TOKEN TRANSFORMERS_CACHE MODEL_PATH
		MODEL_CACHE_ROOT TS_DEFAULT_WORKERS_PER_MODEL MMS_DEFAULT_RESPONSE_TIMEOUT OPTION_ROLLING_BATCH SERVING_LOAD_MODELS
		OMP_NUM_THREADS OMP_WAIT_POLICY MKL_NUM_THREADS KMP_AFFINITY PYTORCH_CUDA_ALLOC_CONF TORCH_HOME TF_CPP_MIN_LOG_LEVEL
		CUDA_VISIBLE_DEVICES CUDA_LAUNCH_BLOCKING NCCL_DEBUG NVIDIA_VISIBLE_DEVICES MALLOC_ARENA_MAX XDG_CACHE_HOME TMPDIR
		PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONIOENCODING PYTHONUTF8 PYTHONHASHSEED PYTHONNOUSERSITE PYTHONOPTIMIZE
		JAVA_OPTS JULIA_NUM_THREADS NODE_ENV PHP_MEMORY_LIMIT R_MAX_VSIZE GOMAXPROCS GOGC GOMEMLIMIT AWS_REGION LANG LC_ALL TZ
		LOG_LEVEL ENVIRONMENT PATHS HOMEPAGE GITHUB_SHA GIT_COMMIT GIT_SHA GIT_BRANCH GIT_TAG
		PYTHON_LOG_LEVEL AWS_PROFILE AWS_DEFAULT_REGION EDITORS LDAP_URL LDA_TOPICS CORES REQUESTS_CA_BUNDLE HTTPS_PROXY
		GUNICORN_CMD_ARGS TOKENIZERS_PARALLELISM VLLM_WORKER_MULTIPROC_METHOD NUM_SHARD MAX_INPUT_LENGTH SM_NUM_GPUS
	`) {
		assert.Empty(t, environment.Refusal(map[string]string{name: "x"}), name)
	}
}

func TestOwnProgramsInheritWhatTheyNeedAndNoMore(t *testing.T) {
	for _, name := range []string{
		"AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_SESSION_TOKEN", "SSH_AUTH_SOCK", "GPG_AGENT_INFO", "GITHUB_TOKEN",
		"GH_TOKEN", "NPM_TOKEN", "PULUMI_ACCESS_TOKEN", "PULUMI_CONFIG_PASSPHRASE", "HTTPS_PROXY", "GOPROXY",
		"DBUS_SESSION_BUS_ADDRESS", "KUBECONFIG", "LD_PRELOAD", "PYTHONSTARTUP", "ANY_OTHER",
	} {
		t.Setenv(name, "secret")
	}
	t.Setenv("GOCACHE", "/build")
	list := environment.Inherited()
	assert.NotContains(t, strings.Join(list, "\n"), "secret")
	assert.True(t, slices.Contains(list, "GOCACHE=/build") && slices.Contains(list, "PATH="+os.Getenv("PATH")), list)
}

func TestAContainerBeginsWithADefinedEnvironment(t *testing.T) {
	t.Parallel()
	const system = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
	self, err := os.Executable()
	require.NoError(t, err)
	for program, path := range map[string]string{
		self: filepath.Dir(self) + ":" + system, "no-such-program": system, "": system,
	} {
		assert.Equal(t, []string{"HOME=/home/of/container", "LANG=C.UTF-8", "PATH=" + path, "TZ=UTC"},
			environment.List(environment.OfImage(program, "/home/of/container")), program)
	}
}
