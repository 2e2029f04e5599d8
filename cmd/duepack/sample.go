package main

import "github.com/spf13/cobra"

func (a *app) sampleCommand() *cobra.Command { return &cobra.Command{Use: "sample"} }
