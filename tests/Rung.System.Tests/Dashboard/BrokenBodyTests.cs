using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rung.Dashboard.Frame;

namespace Rung.Tests.Dashboard;

/// <summary>Bodies that break off or do not come: they end calmly, and hold up nobody.</summary>
public sealed class BrokenBodyTests
{
    private const string FormType = "application/x-www-form-urlencoded";
    private const string Token = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData(FormType, "why=some+text", false)]
    [InlineData(FormType, "why=some+text", true)]
    [InlineData(FormType, "why=a&for=b&x=", true)]
    [InlineData(FormType, "", false)]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nha", false)]
    [InlineData("application/json", "{\"choice\":", false)]
    [InlineData("application/json", "{\"choice\":", true)]
    public async Task A_body_that_is_broken_off_ends_its_connection_without_a_word_in_the_log(string type, string half, bool isReset)
    {
        var log = new ConnectionLog();
        var faults = new List<object?>();
        await using var server = await ListenAsync(log, faults);

        using (var client = new TcpClient())
        {
            var url = new Uri(server.Urls.First());
            await client.ConnectAsync(url.Host, url.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"POST / HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: {type}\r\nContent-Length: 20000\r\n\r\n{half}"));
            await log.Waits.Task.WaitAsync(TimeSpan.FromSeconds(60));
            if (isReset) client.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        await log.Ended.Task.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(faults is [BodyFault.BrokenOff or "It broke off."], $"{faults.FirstOrDefault()}");
        Assert.DoesNotContain(log.Lines, line => line.StartsWith("Warning ", StringComparison.Ordinal) || line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verdicts_that_come_slowly_keep_no_reviewer_waiting()
    {
        await using var gateway = await DashboardGateway.StartAsync(operators: $"anna={Token}", withContent: true);
        var slow = new List<TcpClient>();
        try
        {
            foreach (var i in Enumerable.Range(0, 12))
            {
                var client = new TcpClient();
                slow.Add(client);
                await client.ConnectAsync(gateway.Url.Host, gateway.Url.Port);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
                    $"POST /rung/reviews/{i} HTTP/1.1\r\nHost: {gateway.Url.Authority}\r\nAuthorization: Bearer {Token}\r\nContent-Type: application/json\r\nContent-Length: 20000\r\nExpect: 100-continue\r\n\r\n"));
                // Whoever is told to go on is being read.
                Assert.Equal("HTTP/1.1 100 Continue", await new StreamReader(client.GetStream(), Encoding.ASCII).ReadLineAsync());
            }
            using var asked = new HttpRequestMessage(HttpMethod.Get, "/rung/reviews") { Headers = { Authorization = new("Bearer", Token) } };
            using var reply = await gateway.Client.SendAsync(asked);
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    [Fact]
    public async Task A_verdict_of_another_type_too_large_or_nonsense_is_refused_as_ever()
    {
        await using var gateway = await DashboardGateway.StartAsync(withContent: true);
        async Task<(int, string)> PostAsync(string body, string type)
        {
            using var reply = await gateway.Client.PostAsync("/rung/reviews/1", new StringContent(body, Encoding.UTF8, type));
            return ((int)reply.StatusCode, (await reply.Content.ReadAsStringAsync()).Split("\"code\":\"")[1].Split('"')[0]);
        }

        Assert.Equal((415, "unsupported_media_type"), await PostAsync("{}", "text/plain"));
        Assert.Equal((413, "request_too_large"), await PostAsync(new string(' ', 70_000), "application/json"));
        Assert.Equal((400, "invalid_review"), await PostAsync("{", "application/json"));
        Assert.Equal((404, "not_found"), await PostAsync("""{"reviewer":"ana","choice":"good"}""", "application/json"));
    }

    private static async Task<WebApplication> ListenAsync(ConnectionLog log, List<object?> faults)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        var app = builder.Build();
        app.Run(async http =>
        {
            log.Waits.TrySetResult();
            faults.Add(http.Request.HasFormContentType ? (await WholeBody.ReadFormAsync(http, 256 * 1024, TimeProvider.System)).Problem : (await WholeBody.ReadAsync(http, 64 * 1024, TimeProvider.System)).Fault);
        });
        await app.StartAsync();
        return app;
    }

    // Tells when a connection has ended, and all is logged that will be.
    private sealed class ConnectionLog : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();
        public TaskCompletionSource Waits { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
            if (eventId.Name == "ConnectionStop") Ended.TrySetResult();
        }

        public void Dispose()
        {
        }
    }
}
