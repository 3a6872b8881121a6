package docs_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// typed is a command inside a text, quoted or after two spaces: of this program, or of one that a message could tell a
// user to run.
var typed = regexp.MustCompile("(?:`|  )(?:bin/)?(?:sagehost|pulumi|aws|make|gh|git|kill|cp) [a-z-]+[^`\n]*")

// helpFields are the fields of a cobra command whose texts are help: that speaks of commands in general, a message of a
// run.
var helpFields = map[string]bool{"Short": true, "Long": true, "Example": true}

// TestEveryCommandInAMessageIsRendered: what is written by hand lacks the stack, the cloud, or the region of the run.
func TestEveryCommandInAMessageIsRendered(t *testing.T) {
	t.Parallel()
	files := 0
	for _, dir := range []string{"cmd", "internal", "components", "stacks"} {
		err := filepath.WalkDir(filepath.Join("..", "..", dir), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			files++
			for _, command := range commandsIn(t, path) {
				assert.Fail(t, "a command is written by hand", "%s: %s", path, command)
			}
			return nil
		})
		require.NoError(t, err)
	}
	assert.Greater(t, files, 300)
}

func TestACommandThatIsWrittenByHandIsFound(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"`pulumi stack init %s` creates it": true, "see:\n  aws sagemaker describe-endpoint": true,
		"To make one:  sagehost release create %s": true, "`make up` starts it": true, "it makes up": false,
		"pulumi": false, "a git commit": false, "aws:region": false,
	} {
		assert.Equal(t, want, typed.MatchString(text), text)
	}
}

// commandsIn are the commands in the texts of a file that are no help.
func commandsIn(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	require.NoError(t, err)
	var found []string
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.KeyValueExpr:
			name, named := node.Key.(*ast.Ident)
			return !named || !helpFields[name.Name]
		case *ast.CallExpr: // a flag's description is its last argument
			selector, method := node.Fun.(*ast.SelectorExpr)
			return !method || !strings.HasSuffix(selector.Sel.Name, "Var")
		case *ast.BasicLit:
			text, err := strconv.Unquote(node.Value)
			if node.Kind == token.STRING && err == nil {
				found = append(found, typed.FindAllString(text, -1)...)
			}
		}
		return true
	})
	return found
}
