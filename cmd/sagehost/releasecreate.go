package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/spf13/cobra"

	"sagehost/internal/delivery/gitrepo"
	"sagehost/internal/delivery/releasing"
	"sagehost/internal/live/cloud"
	"sagehost/internal/release"
	"sagehost/stacks/settings"
)

// createFlags are the flags of release create.
type createFlags struct {
	images, artifacts       []string
	bucket, commit, builder string
	dirty                   bool
}

func newReleaseCreate(a *app) *cobra.Command {
	f := &createFlags{}
	command := &cobra.Command{
		Use:   "create MODEL",
		Short: "Write the manifest of a release of a model",
		Long: "create takes the model's containers from the stack's settings, looks up the digests of images that are " +
			"given\n" +
			"by a tag, uploads archives to releases/<model>/<sha256>/ in a bucket, where nothing is overwritten, and writes\n" +
			"releases/<model>/<id>.yaml. The same containers are the same release.",
		Example: "  sagehost release create flowers --stack dev\n" +
			"  sagehost release create penguins --artifact scoring=build/scoring.tar.gz --bucket our-releases",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.createRelease(cmd.Context(), args[0], f) },
	}
	flags := command.Flags()
	flags.StringArrayVar(&f.images, "image", nil, "an image in place of the settings', [HOSTNAME=]URI")
	flags.StringArrayVar(&f.artifacts, "artifact", nil, "an archive in place of the settings', [HOSTNAME=]FILE or "+
		"s3:// URI")
	flags.StringVar(&f.bucket, "bucket", "", "where files are uploaded to (default the stack's bucket for models; "+
		"on AWS only if that stays)")
	flags.StringVar(&f.commit, "commit", "", "the commit of the model's code (default the one checked out)")
	flags.StringVar(&f.builder, "builder", "", "what built the model (default the run of GitHub Actions, or you)")
	flags.BoolVar(&f.dirty, "allow-dirty", false, "release although there are changes that are not committed")
	a.addCloudFlag(command)
	return command
}

func (a *app) createRelease(ctx context.Context, name string, f *createFlags) error {
	root, err := findRoot()
	if err != nil {
		return err
	}
	source, err := f.source(ctx, gitrepo.Repo{Dir: root})
	if err != nil {
		return err
	}
	config, serving, s, err := a.deployed(ctx, root, a.stack)
	if err != nil {
		return err
	}
	objects := cloud.S3(config)
	built, err := releasing.Build(ctx, releasing.Options{
		Dir: root, Stack: a.stack, Settings: s, Model: name, Images: byHostname(f.images), Artifacts: byHostname(f.artifacts),
		Source: source, Registry: ecr.NewFromConfig(config), Objects: objects, Deployed: serving,
		Bucket: func(ctx context.Context) (string, error) { return a.store(ctx, f.bucket, s, objects) },
	})
	if err != nil {
		return err
	}
	for _, uri := range built.Uploads {
		fmt.Fprintf(a.out, "Uploaded %s\n", uri)
	}
	path, err := filepath.Rel(root, built.Path)
	if err != nil {
		return err
	}
	said := "Wrote"
	if built.There {
		said = "There already is"
	}
	fmt.Fprintf(a.out, "%s release %s: %s\n", said, built.Release.ID, path)
	if s.Promotion == nil && s.Models[name].Release != built.Release.ID {
		fmt.Fprintf(a.out, "`%s` has the stack name it.\n",
			a.commands(config).Sagehost("release", "use", name, built.Release.ID, "--stack", a.stack))
	}
	return nil
}

// source is what a release is made from. What a commit does not hold cannot be made again from it; manifests and
// stacks' files are no part of a model.
func (f *createFlags) source(ctx context.Context, repo gitrepo.Repo) (release.Source, error) {
	source := release.Source{
		Commit:  f.commit,
		Builder: cmp.Or(f.builder, gitrepo.Run(os.Getenv), repo.Author(ctx, os.Getenv)),
	}
	if source.Commit != "" {
		return source, nil
	}
	var err error
	if source.Commit, err = repo.Head(ctx); err != nil {
		return source, fmt.Errorf("%w; give --commit", err)
	}
	changes, err := repo.Changes(ctx, "releases/**", "Pulumi.*.yaml", ".sagehost/**")
	if err != nil {
		return source, err
	}
	if len(changes) > 0 && !f.dirty {
		return source, fmt.Errorf("commit %s is not what is released, because these are not committed: %s; commit "+
			"them, or give "+
			"--allow-dirty", source.Commit[:12], strings.Join(changes, ", "))
	}
	if len(changes) > 0 {
		source.Builder += ", with changes that are not committed"
	}
	return source, nil
}

// byHostname takes values apart that name a container before "=".
func byHostname(values []string) map[string]string {
	given := map[string]string{}
	for _, value := range values {
		hostname, rest, named := strings.Cut(value, "=")
		if !named || strings.ContainsAny(hostname, "/:.") {
			hostname, rest = "", value
		}
		given[hostname] = rest
	}
	return given
}

// store is the bucket that archives of releases are uploaded to: the one that was given, or the stack's bucket for
// models, unless on AWS it would go with the stack.
func (a *app) store(
	ctx context.Context, given string, s *settings.Settings, client s3.ListBucketsAPIClient,
) (string, error) {
	if given != "" {
		return given, nil
	}
	if a.aws && s.Storage.ForceDestroy {
		return "", fmt.Errorf("the bucket for models of stack %s goes with the stack, and would take the archives of "+
			"releases with it (sagehost:storage.forceDestroy in Pulumi.%s.yaml); give --bucket, a bucket that stays and that "+
			"all stacks can read which releases go to", a.stack, a.stack)
	}
	return modelsBucket(ctx, client, a.stack)
}

// modelsBucket is a stack's bucket for models.
func modelsBucket(ctx context.Context, client s3.ListBucketsAPIClient, stack string) (string, error) {
	prefix := settings.BucketPrefix(stack) + "-models-"
	var found []string
	pages := s3.NewListBucketsPaginator(client, &s3.ListBucketsInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return "", fmt.Errorf("list buckets: %w; give --bucket", err)
		}
		for _, bucket := range page.Buckets {
			if name := aws.ToString(bucket.Name); strings.HasPrefix(name, prefix) {
				found = append(found, name)
			}
		}
	}
	if len(found) != 1 {
		return "", fmt.Errorf("there are %d buckets called %s…, so it is not clear where to upload to; give --bucket",
			len(found), prefix)
	}
	return found[0], nil
}
