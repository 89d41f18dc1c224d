// Says before sending that an upload is too large: the server can only break it off.
const check = form => {
  const files = form.querySelector("input[type=file]").files;
  const bytes = [...files].reduce((sum, file) => sum + file.size, 0);
  if (files.length > Number(form.dataset.mostFiles)) return `${files.length} files are too many: at most ${form.dataset.mostFiles}.`;
  if (bytes > Number(form.dataset.mostBytes)) return `${Math.ceil(bytes / 1e6)} MB are too much: at most ${Number(form.dataset.mostBytes) / 1e6} MB. Pack the files by gzip, or send fewer.`;
  return "";
};

document.addEventListener("submit", event => {
  const form = event.target;
  if (form.id !== "upload") return;
  const problem = check(form);
  const box = document.getElementById("upload-problem");
  box.hidden = !problem;
  box.textContent = problem;
  if (problem) event.preventDefault();
  else form.querySelector("button").textContent = "Being sent …";
});
