package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/spf13/cobra"

	"sagehost/internal/cloud"
	"sagehost/internal/deployed"
	"sagehost/internal/evidence"
	"sagehost/internal/gitrepo"
	"sagehost/internal/promotion"
	"sagehost/internal/release"
	"sagehost/internal/releasing"
	"sagehost/stacks/settings"
)

func newRelease(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "release",
		Short: "Make releases of models, deploy them to the first stack, and check what is served",
	}
	command.AddCommand(newReleaseCreate(a), newReleaseUse(a), newReleaseVerify(a), newReleaseCheck(a))
	return command
}

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
	flags.StringVar(&f.bucket, "bucket", "", "where files are uploaded to (default the stack's bucket for models)")
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
	if f.bucket == "" {
		if f.bucket, err = modelsBucket(ctx, objects, a.stack); err != nil {
			return err
		}
	}
	built, err := releasing.Build(ctx, releasing.Options{
		Dir: root, Stack: a.stack, Settings: s, Model: name, Images: byHostname(f.images), Artifacts: byHostname(f.artifacts),
		Bucket: f.bucket, Source: source, Registry: ecr.NewFromConfig(config), Objects: objects, Deployed: serving,
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

// modelsBucket is a stack's bucket for models.
func modelsBucket(ctx context.Context, client *s3.Client, stack string) (string, error) {
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

func newReleaseUse(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "use MODEL ID",
		Short: "Name a release in the settings of a stack that demands nothing of it",
		Long: "use edits Pulumi.<stack>.yaml so that it names the release, in place of another or of the inline " +
			"description,\n" +
			"and changes nothing else. ID is the release's, 12 digits or more. A stack with sagehost:promotion takes\n" +
			"releases by `sagehost promote`; use only begins its record, with the release that it serves already.",
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			root, err := findRoot()
			if err != nil {
				return err
			}
			result, err := promotion.Use(cmd.Context(), a.change(cmd.Context(), root, args[0], a.stack), args[1])
			if err != nil {
				return err
			}
			if err := a.printChange(result, ""); err != nil || len(result.Files) < 2 {
				return err
			}
			fmt.Fprintf(a.out, "The record %s begins with it.\n", result.Files[1])
			return nil
		},
	}
}

func newReleaseVerify(a *app) *cobra.Command {
	command := &cobra.Command{
		Use:   "verify MODEL",
		Short: "Check that a stack serves the release that its settings name, and record it as evidence",
		Long: "verify asks SageMaker which images, archives and environment the stack's endpoints have deployed, and " +
			"Amazon S3\n" +
			"what is in the archives, and adds the result to the release. It exits with 0 when all agree, 1 when they do " +
			"not,\n" +
			"and 3 while an endpoint is being changed.",
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return a.verify(cmd.Context(), args[0]) },
	}
	a.addCloudFlag(command)
	return command
}

func (a *app) verify(ctx context.Context, name string) error {
	root, err := findRoot()
	if err != nil {
		return err
	}
	_, serving, s, err := a.deployed(ctx, root, a.stack)
	if err != nil {
		return err
	}
	id := s.Models[name].Release
	if id == "" {
		return fmt.Errorf("the settings of stack %s name no release of a model %q", a.stack, name)
	}
	dir := filepath.Join(root, "releases")
	r, err := release.Load(dir, name, id)
	if err != nil {
		return err
	}
	found, err := serving.Converged(ctx, a.stack, deployed.Places(s, a.stack, name), r, time.Now().Truncate(time.Second))
	if err != nil {
		return err
	}
	found.Local = !a.aws
	if err := evidence.Append(ctx, dir, name, found); err != nil {
		return err
	}
	fmt.Fprintf(a.out, "%s: %s\n", found.Result, found.Detail)
	return verdict("release "+release.Short(id), found.Result)
}
