package awsprovider

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sagehost/internal/engine/toolchain"
)

// property is one property of the bridge's schema, as far as the test compares it.
type property struct {
	Type       string    `json:"type"`
	Ref        string    `json:"$ref"`
	Items      *property `json:"items"`
	Additional *property `json:"additionalProperties"`
}

type object struct {
	Inputs         map[string]property `json:"inputProperties"`
	RequiredInputs []string            `json:"requiredInputs"`
	Properties     map[string]property `json:"properties"`
	Required       []string            `json:"required"`
}

type schema struct {
	Resources map[string]object `json:"resources"`
	Types     map[string]object `json:"types"`
	Functions map[string]struct {
		Inputs  object `json:"inputs"`
		Outputs object `json:"outputs"`
	} `json:"functions"`
}

// sides are what the bridge takes and what it gives.
func (s schema) sides(u usage) (takes, gives object, ok bool) {
	target := bridgeToken(u.token())
	if u.function() {
		f, ok := s.Functions[target]
		return f.Inputs, f.Outputs, ok
	}
	r, ok := s.Resources[target]
	return object{Properties: r.Inputs, Required: r.RequiredInputs}, r, ok
}

func TestSDKAndProviderUnderstandEachOther(t *testing.T) {
	t.Parallel()
	s := bridgeSchema(t)
	w := walk{schema: s, problems: map[string]string{}}
	for _, entry := range used {
		takes, gives, ok := s.sides(entry)
		require.True(t, ok, entry.token())
		table := resources[entry.token()]
		w.object(entry.token(), entry.sent(), takes, table)
		for _, name := range tags(reflect.TypeOf(entry.result)) {
			if _, ok := gives.Properties[table[name].nameOr(name)]; !ok {
				w.problems[entry.token()+" result."+name] = "unknown to the provider"
			}
		}
	}
	assert.Empty(t, w.problems)
}

// walk compares the SDK's struct types with the bridge's schema and keeps what differs, by path.
type walk struct {
	schema   schema
	problems map[string]string
}

func (w walk) object(path string, sent reflect.Type, want object, table fields) {
	for field := range sent.Fields() {
		name, ok := field.Tag.Lookup("pulumi")
		if !ok {
			continue
		}
		f := table[name]
		there, ok := want.Properties[f.nameOr(name)]
		if !ok {
			w.problems[path+"."+name] = "unknown to the provider"
			continue
		}
		w.property(path+"."+name, field.Type, there, f)
		if optional(field.Type) && slices.Contains(want.Required, f.nameOr(name)) && !named(path, name) {
			w.problems[path+"."+name] = "required by the provider, optional in the SDK"
		}
	}
	for _, name := range want.Required {
		if name = table.inverse()[name].nameOr(name); !slices.Contains(tags(sent), name) {
			w.problems[path+"."+name] = "required by the provider, absent in the SDK"
		}
	}
}

func (w walk) property(path string, sent reflect.Type, there property, f field) {
	sent = value(sent)
	if sent.Kind() == reflect.Interface {
		return // a policy document, which programs give as JSON text
	}
	if got, want := seen(kind(sent), f.shape), there.kind(); got != want {
		w.problems[path] = fmt.Sprintf("sent as %s, wanted as %s", got, want)
		return
	}
	if there.Items != nil && f.shape == boxed {
		there = *there.Items
	}
	for sent.Kind() == reflect.Slice || sent.Kind() == reflect.Map {
		sent = value(sent.Elem())
		if there.Items != nil {
			there = *there.Items
		} else if there.Additional != nil {
			there = *there.Additional
		}
		if got, want := kind(sent), there.kind(); got != want && got != "interface" {
			w.problems[path] = fmt.Sprintf("elements sent as %s, wanted as %s", got, want)
			return
		}
	}
	if sent.Kind() == reflect.Struct && !inline[path] {
		w.object(path, sent, w.schema.Types[strings.TrimPrefix(there.Ref, "#/types/")], f.inner)
	}
}

// inline are lists of rules and routes, of whose elements the bridge demands every property, and the SDK hardly any. No
// component sends them: it registers each rule and each route as a resource of its own.
var inline = map[string]bool{
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup.egress":  true,
	"aws:ec2/defaultSecurityGroup:DefaultSecurityGroup.ingress": true,
	"aws:ec2/routeTable:RouteTable.routes":                      true,
	"aws:ec2/securityGroup:SecurityGroup.egress":                true,
	"aws:ec2/securityGroup:SecurityGroup.ingress":               true,
}

// seen is the kind of a value after its translation to the bridge.
func seen(kind string, s shape) string {
	switch {
	case s == boxed && kind == "object":
		return "array"
	case s == unboxed && kind == "array":
		return "object"
	case s == texted && kind == "number":
		return "string"
	}
	return kind
}

func kind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Float64:
		return "number"
	case reflect.Slice:
		return "array"
	case reflect.Map:
		return "map"
	case reflect.Struct:
		return "object"
	default:
		return t.Kind().String()
	}
}

func (p property) kind() string {
	switch {
	case p.Ref != "":
		return "object"
	case p.Type == "object":
		return "map"
	case p.Type == "integer":
		return "number"
	default:
		return p.Type
	}
}

func value(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// optional reports whether the SDK lets the property out. Of lists and maps its types do not tell.
func optional(t reflect.Type) bool {
	return t.Kind() == reflect.Pointer
}

// named reports whether the proxy fills the property in when a program does not.
func named(path, name string) bool {
	return namings[path].property == name
}

// tags are the names that a struct's fields have on the wire.
func tags(t reflect.Type) []string {
	var names []string
	for field := range t.Fields() {
		if name, ok := field.Tag.Lookup("pulumi"); ok {
			names = append(names, name)
		}
	}
	return names
}

// providerTools are the real programs. A machine that can neither have nor make them skips the test.
func providerTools(t *testing.T) Options {
	t.Helper()
	tools, err := toolchain.Toolchain{Root: "../../..", Progress: os.Stderr}.EnsureProvider(t.Context())
	if missing, ok := errors.AsType[*toolchain.Missing](err); ok {
		t.Skip(missing)
	}
	require.NoError(t, err)
	if tools.AWSPlugin != "" {
		t.Skip("the aws plugin is installed, and the bridge is not used")
	}
	return Options{Bridge: tools.Bridge, TerraformProvider: tools.TerraformProvider}
}

// bridgeSchema is the bridge's schema of the used resources alone: all of it is 50 MB and takes half a minute.
func bridgeSchema(t *testing.T) schema {
	t.Helper()
	tools := providerTools(t)
	dir := t.TempDir()
	link, err := linkProvider(dir, tools.TerraformProvider)
	require.NoError(t, err)
	logs, err := startEngine(io.Discard)
	require.NoError(t, err)
	t.Cleanup(logs.server.Stop)
	b, err := startBridge(t.Context(), tools, dir, logs.address, io.Discard)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, b.close()) })
	conn, err := dialBridge(t.Context(), b.port, link, "--include", strings.Join(terraformNames(), ","))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, conn.Close()) })
	response, err := pulumirpc.NewResourceProviderClient(conn).GetSchema(t.Context(), &pulumirpc.GetSchemaRequest{})
	require.NoError(t, err)
	var s schema
	require.NoError(t, json.Unmarshal([]byte(response.GetSchema()), &s))
	return s
}

var capital = regexp.MustCompile(`([A-Z])`)

func terraformNames() []string {
	var names []string
	for _, entry := range used {
		_, name, _ := strings.Cut(strings.TrimPrefix(bridgeToken(entry.token()), "aws:index/"), ":")
		names = append(names, "aws"+strings.ToLower(capital.ReplaceAllString(strings.TrimPrefix(name, "get"), "_$1")))
	}
	return names
}
