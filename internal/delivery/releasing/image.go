package releasing

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"sagehost/components/model"
	"sagehost/internal/live/deployed"
	"sagehost/internal/release"
	"sagehost/kit/awsref"
)

// resolve is an image by digest. A tag is looked up in the registry that the image's URI names.
func (o *Options) resolve(ctx context.Context, uri string) (string, error) {
	image, err := awsref.ParseImage(uri)
	if err != nil {
		return "", err
	}
	name, _, _ := strings.Cut(uri, "@")
	if image.Tag != "" {
		name = strings.TrimSuffix(name, ":"+image.Tag)
	}
	if image.Digest != "" {
		return name + "@" + image.Digest, nil
	}
	if image.Tag == "" {
		return "", fmt.Errorf("image %s: it has neither a tag nor a digest", uri)
	}
	found, err := o.Registry.DescribeImages(ctx, &ecr.DescribeImagesInput{
		RegistryId: &image.Account, RepositoryName: &image.Repository,
		ImageIds: []types.ImageIdentifier{{ImageTag: &image.Tag}},
	}, func(options *ecr.Options) { options.Region = image.Region })
	_, noRepository := errors.AsType[*types.RepositoryNotFoundException](err)
	_, noImage := errors.AsType[*types.ImageNotFoundException](err)
	switch {
	case noRepository:
		return "", fmt.Errorf("image %s: account %s has no repository %q in %s; push the image, or give it by its digest",
			uri, image.Account, image.Repository, image.Region)
	case noImage:
		return "", fmt.Errorf("image %s: the repository has no tag %q; push the image, or give it by its digest", uri,
			image.Tag)
	case err != nil:
		return "", fmt.Errorf("image %s: %w", uri, err)
	case len(found.ImageDetails) != 1 || aws.ToString(found.ImageDetails[0].ImageDigest) == "":
		return "", fmt.Errorf("image %s: the registry does not say which image its tag names", uri)
	}
	return name + "@" + *found.ImageDetails[0].ImageDigest, nil
}

// checkMoved refuses a release of an image that is not the one which the stack serves under the same tag: whatever is
// known of the model was measured with that one.
func (o *Options) checkMoved(ctx context.Context, stages []model.Stage, now []release.Container) error {
	if o.Deployed == nil {
		return nil
	}
	for _, place := range deployed.Places(o.Settings, o.Stack, o.Model) {
		e, err := o.Deployed.Describe(ctx, place.Endpoint)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return err
		}
		for _, variant := range place.Variants {
			for _, c := range e.Variants[variant] {
				i := slices.IndexFunc(stages, func(s model.Stage) bool { return c.Specified != "" && s.Image == c.Specified })
				if i >= 0 && now[i].Image != c.Image {
					return fmt.Errorf("the tag of %s has moved: it names %s in the registry, endpoint %s serves %s, which it named "+
						"at %s; deploy the stack again and measure that, or give the image by its digest",
						c.Specified, now[i].Image, place.Endpoint, c.Image, c.At)
				}
			}
		}
	}
	return nil
}

func names[T any](m map[string]T) []string { return slices.Sorted(maps.Keys(m)) }
