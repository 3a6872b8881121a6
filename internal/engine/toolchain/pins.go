package toolchain

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// pins are the versions that the checkout asks for.
type pins struct {
	// aws is the version of the AWS provider's SDK, and so of its plugin, without its v.
	aws string
	// pulumi is the range of CLI versions that the project accepts, such as ">=3.219.0".
	pulumi string
}

func readPins(root string) (pins, error) {
	aws, err := moduleVersion(filepath.Join(root, "go.mod"), "github.com/pulumi/pulumi-aws/sdk/v6")
	if err != nil {
		return pins{}, err
	}
	project := filepath.Join(root, "Pulumi.yaml")
	text, err := os.ReadFile(project)
	if err != nil {
		return pins{}, fmt.Errorf("pulumi project: %w", err)
	}
	var wanted struct {
		Pulumi string `yaml:"requiredPulumiVersion"`
	}
	if err := yaml.Unmarshal(text, &wanted); err != nil {
		return pins{}, fmt.Errorf("%s: %w", project, err)
	}
	if wanted.Pulumi == "" {
		return pins{}, fmt.Errorf("%s: requiredPulumiVersion is not set", project)
	}
	return pins{aws: strings.TrimPrefix(aws, "v"), pulumi: wanted.Pulumi}, nil
}

// moduleVersion reads the version that a go.mod requires of a module. A line of a requirement is the module's path
// and the version, alone in a block or after the word require.
func moduleVersion(file, module string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("version of %s: %w", module, err)
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(words) >= 2 && words[0] == module && strings.HasPrefix(words[1], "v") {
			return words[1], nil
		}
	}
	return "", fmt.Errorf("version of %s: %s does not require it", module, file)
}
