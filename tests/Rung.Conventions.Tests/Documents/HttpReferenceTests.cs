using System.Reflection;
using System.Text.RegularExpressions;
using Rung.Conventions.Tests.Reading;
using Rung.Core.Spans;
using Rung.Gateway;
using Rung.Gateway.Recording;

namespace Rung.Conventions.Tests.Documents;

/// <summary>Holds <c>docs/http.md</c> against the compiled gateway: codes, headers, fields, and the names of telemetry.</summary>
public partial class HttpReferenceTests
{
    private static readonly MarkdownPage s_page = MarkdownPage.Read("docs/http.md");
    private static readonly MethodLiterals[] s_gateway = [.. MethodLiterals.Of(typeof(GatewayOptions).Assembly)];

    [Fact]
    public void Every_error_code_and_only_these_stand_in_the_table_of_errors()
    {
        var rows = s_page.Rows("Errors");
        var codes = rows.Select(row => row[0]).ToHashSet();
        var types = rows.Select(row => row[2]).ToHashSet();

        var said = s_gateway.Where(method => method.Made.Any(IsError)).SelectMany(method => method.Strings).Where(text => Word().IsMatch(text)).ToHashSet();

        Assert.NotEmpty(said);
        Findings.AreNone(said.Except(codes).Except(types));
        Findings.AreNone(codes.Except(said));
        Findings.AreNone(types.Except(said));
    }

    [Fact]
    public void Every_header_that_the_gateway_reads_or_writes_is_named()
    {
        var headers = s_gateway.SelectMany(method => method.Strings).Where(text => HeaderName().IsMatch(text)).ToHashSet();

        Assert.Contains("x-rung-tag", headers);
        Findings.AreNone(headers.Where(header => !Names(header)));
    }

    [Fact]
    public void Every_reply_header_of_Rung_in_the_table_is_one_that_it_writes()
    {
        var written = MethodLiterals.Of(typeof(GatewayOptions).Assembly).Where(method => method.Method.DeclaringType!.Name == "RungHeaders")
            .SelectMany(method => method.Strings).Where(text => text.StartsWith("x-rung-", StringComparison.Ordinal) && text.Length > 7).ToHashSet();

        Assert.Equal(written.Order(), s_page.FirstColumn("Reply headers").Where(name => name.StartsWith("x-rung-", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public void Every_field_of_a_request_that_the_gateway_looks_at_is_named()
    {
        var fields = Repository.Files("*Scanner.cs", "src/Rung.Gateway/Intake")
            .SelectMany(file => FieldName().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value)).ToHashSet();

        Assert.Contains("stream_options", fields);
        Assert.Contains("rung_tag", fields);
        Findings.AreNone(fields.Where(field => !Names(field)));
    }

    [Fact]
    public void Every_field_of_a_calls_page_is_named()
    {
        var naming = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
        var views = typeof(GatewayOptions).Assembly.GetTypes().Where(type => type.Name is "PolicyStatus").Append(typeof(CallView)).Append(typeof(AttemptView));

        var fields = views.SelectMany(view => view.GetProperties(BindingFlags.Public | BindingFlags.Instance)).Select(property => naming.ConvertName(property.Name)).ToHashSet();

        Assert.Contains("baseline_usd", fields);
        Findings.AreNone(fields.Where(field => !Names(field)));
    }

    [Fact]
    public void Spans_metrics_and_their_attributes_are_those_of_the_page()
    {
        var named = s_page.FirstColumn("Telemetry").SelectMany(cell => cell.Split(", ")).Where(text => TelemetryName().IsMatch(text)).ToHashSet();

        var sent = s_gateway.Where(method => method.Method.DeclaringType!.FullName!.StartsWith(typeof(GatewayTelemetry).FullName!, StringComparison.Ordinal))
            .SelectMany(method => method.Strings).Where(text => TelemetryName().IsMatch(text)).ToHashSet();

        Assert.Contains("rung.cost", sent);
        Findings.AreNone(sent.Except(named));
        Findings.AreNone(named.Except(sent));
    }

    [Fact]
    public void Every_environment_variable_of_Rung_and_OpenTelemetry_is_documented()
    {
        var pages = Repository.Files("*.md", "docs").Select(Repository.Read).ToArray();

        var variables = MethodLiterals.Of(Assembly.Load("rung")).SelectMany(method => method.Strings).Where(text => Variable().IsMatch(text)).ToHashSet();

        Assert.Contains("RUNG_KEYS", variables);
        Findings.AreNone(variables.Where(variable => !pages.Any(page => page.Contains($"`{variable}`", StringComparison.Ordinal))));
    }

    /// <summary>An error, or the anonymous object of a small page that has a code.</summary>
    private static bool IsError(ConstructorInfo made) =>
        made.DeclaringType!.Name == "ErrorReply" || made.DeclaringType.Name.StartsWith("<>f__AnonymousType", StringComparison.Ordinal) && made.DeclaringType.GetProperty("Code") is not null;

    private static bool Names(string name) => Regex.IsMatch(s_page.Text, $"`(?:metadata\\.)?{Regex.Escape(name)}`");

    [GeneratedRegex("^[a-z]+(_[a-z]+)+$")]
    private static partial Regex Word();

    [GeneratedRegex("^(x-|helicone-|langfuse_|retry-after-)[a-z0-9_-]+[a-z]$")]
    private static partial Regex HeaderName();

    [GeneratedRegex("ValueTextEquals\\(\"([a-z_]+)\"u8\\)")]
    private static partial Regex FieldName();

    [GeneratedRegex(@"^(rung|gen_ai|http|url|server|error)\.[a-z0-9_.]+$")]
    private static partial Regex TelemetryName();

    [GeneratedRegex("^(RUNG|OTEL)(_[A-Z]+)+$")]
    private static partial Regex Variable();
}
