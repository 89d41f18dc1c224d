using System.CommandLine;
using Rung.Commands;

var root = new RootCommand("Rung puts every LLM call on the right rung of a ladder of models.")
{
    ReportCommand.Create(),
    VersionCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
